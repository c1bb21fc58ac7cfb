from crm.kernel.attachments.rules.contents import CONTENT_TYPES
from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import listing, one_of, whole

register(
    __file__,
    {
        "attachment.max_bytes": whole(1024, 1024**3),
        # A parameter cannot allow what the content check cannot tell apart.
        "attachment.types": listing(one_of(CONTENT_TYPES), unique=""),
        "attachment.unpacked_max_bytes": whole(1024, 4 * 1024**3),
        "attachment.unpacked_ratio": whole(2, 2000),
        "attachment.unpacked_entries": whole(10, 100_000),
        "attachment.image_max_side": whole(100, 40_000),
    },
)
