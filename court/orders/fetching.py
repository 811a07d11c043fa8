"""What a document may take from elsewhere while WeasyPrint makes a PDF of it: nothing."""

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse


class NothingFetched(URLFetcher):
    """Gives data: addresses alone. Any other one stops the work: an order must not read files or the network."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Decode a data: address; raise FatalURLFetchingError for any other."""
        if not url.lower().startswith("data:"):
            raise FatalURLFetchingError("An order refers to something outside itself.")
        return super().fetch(url, headers)
