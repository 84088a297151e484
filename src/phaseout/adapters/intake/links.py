"""Finds the link that a webmail puts in the place of a large attachment (超大附件): nothing came with the mail."""

import re

LONGEST_TEXT = 500_000

# As the webmails write them today and wrote them before; the sharing sites are where people put files by hand.
_LINK = re.compile(
    rb"https?://(?:"
    rb"(?:i?wx\.)?mail\.qq\.com/(?:ftn/download|cgi-bin/ftn)"
    rb"|(?:i?wx\.)?exmail\.qq\.com/(?:ftn/download|cgi-bin/ftn)"
    rb"|mail\.(?:163|126|yeah)\.(?:com|net)/large-attachment"
    rb"|dashi\.163\.com/html/cloud-attachment"
    rb"|fs\.163\.com/|u\.163\.com/"
    rb"|download\.cloud\.189\.cn/|pan\.baidu\.com/s/|share\.weiyun\.com/|www\.ali(?:yundrive|pan)\.com/s/"
    rb")",
    re.IGNORECASE,
)


def names_a_file_elsewhere(text: bytes) -> bool:
    """Say whether a text links to a file that was left elsewhere."""
    return bool(_LINK.search(text[:LONGEST_TEXT]))
