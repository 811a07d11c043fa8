"""The one message the task queue carries: the number of a job."""

from django_tasks import task

from . import services


@task()
def perform_job(number: int) -> None:
    """Do the job with this number, if nobody has."""
    services.perform(number)
