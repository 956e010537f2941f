"""What a form of our own pages sends, and nothing that another site sends."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import Request
from starlette.exceptions import HTTPException

from textmine.web.security import SESSION_COOKIE, is_own_post
from textmine.web.site import site_of

__all__ = ["own_form"]

MOST_FORM_BYTES = 20_000
MOST_FIELDS = 200


async def own_form(request: Request) -> list[tuple[str, str]]:
    """The fields of a posted form, in its order.

    Raises:
        HTTPException: 413 it is too large; 422 it has too many fields; 403 no page of this application sent it.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_FORM_BYTES:
            raise HTTPException(413, "The form is too large.")
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(422, "The form has too many fields.") from None
    session = request.cookies.get(SESSION_COOKIE, "")
    given = dict(fields).get("form_token", "")
    if not is_own_post(request.headers, secret=site_of(request).secret, session=session, given=given):
        raise HTTPException(403, "This form does not come from a page of this application. Load the page again.")
    return fields
