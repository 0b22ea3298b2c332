"""The life of a request: asked for, changed, gone on with, made shorter, taken back; measured by one function."""
