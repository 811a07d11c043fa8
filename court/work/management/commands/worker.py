"""``manage.py worker``: do the court's background work; ``--once`` does all that is queued and exits."""

import logging
import signal
import threading
import time
from types import FrameType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connections
from django.utils.module_loading import module_has_submodule

from court.work import services

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do the court's background work: letters, transcription, signed PDFs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do all queued work, wait for retries, and exit")
        parser.add_argument("--poll", type=float, default=0.5, help="seconds between looks at the queue")

    def handle(self, *args: Any, once: bool, poll: float, **options: Any) -> None:
        for app in apps.get_app_configs():
            if module_has_submodule(app.module, "tasks"):
                __import__(f"{app.name}.tasks")
        self.stop = threading.Event()
        signal.signal(signal.SIGTERM, self._halt)
        signal.signal(signal.SIGINT, self._halt)
        services.release_dead()
        look_at = 0.0
        while not self.stop.is_set():
            close_old_connections()
            if time.monotonic() >= look_at:
                services.look_around()
                look_at = time.monotonic() + services.LOOK_EVERY
            services.send_due()
            carried = _carry()
            if once and not carried and not services.unfinished():
                break
            if not carried:
                time.sleep(poll)
        connections.close_all()

    def _halt(self, number: int, frame: FrameType | None) -> None:
        log.info("Stopping after the work in hand.")
        if self.stop.is_set():
            raise SystemExit(1)
        self.stop.set()


def _carry() -> bool:
    """Do what the task queue holds now. True if there was anything."""
    if settings.REDIS_URL:
        import django_rq
        from django_tasks_rq import Job as CarriedJob
        from rq import SimpleWorker

        queue = django_rq.get_queue("default", job_class=CarriedJob)
        if not queue.count:
            return False

        class Carrier(SimpleWorker):
            """Leaves the signals to this command, which finishes the work in hand and stops."""

            def _install_signal_handlers(self) -> None:
                return

        worker = Carrier([queue], connection=queue.connection, job_class=CarriedJob)
        return bool(worker.work(burst=True, max_jobs=1, logging_level="WARNING"))
    from django_tasks_db.models import DBTaskResult
    from django_tasks_db.utils import exclusive_transaction

    with exclusive_transaction("default"):
        message = DBTaskResult.objects.ready().get_locked()
        if message is None:
            return False
        numbers = message.args_kwargs["args"]
        # The row of the job is the truth: the message is done with as soon as it is in our hands.
        message.delete()
    services.perform(*numbers)
    return True
