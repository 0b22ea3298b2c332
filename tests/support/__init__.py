"""What tests stand on: the running product over the twin of WeCom, in one rolled-back transaction."""
