import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_limits():
    """Each test starts with no attempts counted against anybody."""
    cache.clear()
    yield
    cache.clear()
