"""An upload that grows beyond the limit is cut off while it is read (the declared length is judged earlier)."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from crm.kernel.access.errors import TooLarge
from crm.kernel.attachments.services import too_large_text
from crm.kernel.parameters import selectors as parameters


class CountingUploadHandler(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: counts each file's bytes and hands them on untouched."""

    largest: int | None = None
    counted = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.largest is None:
            self.largest = parameters.value("attachment.max_bytes").value
        self.counted = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.counted += len(raw_data)
        if self.largest is not None and self.counted > self.largest:
            raise TooLarge(too_large_text(self.largest), field=self.field_name or "file")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
