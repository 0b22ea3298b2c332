"""How gunicorn serves the product; every value can be overridden on its command line."""

import os

bind = os.environ.get("BIND", "127.0.0.1:5000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 25
preload_app = False
max_requests, max_requests_jitter = 20_000, 2_000
accesslog = None  # the product logs each request itself, redacted
control_socket_disable = True  # several products may run on one machine under one account
