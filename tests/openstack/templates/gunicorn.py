# One file for every API. API_MODULE, API_PORT and API_ARGUMENTS say which.
import os
import sys

bind = "127.0.0.1:" + os.environ["API_PORT"]
wsgi_app = os.environ["API_MODULE"]
worker_class = "gthread"
workers = 1
threads = 16
timeout = 300
graceful_timeout = 5
keepalive = 30
limit_request_line = 0
worker_tmp_dir = "/dev/shm"


def post_fork(server, worker):
    # The services read their own options from the command line.
    sys.argv = os.environ["API_ARGUMENTS"].split()
