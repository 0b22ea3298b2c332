"""Security headers on every answer: our own scripts and styles only, no sniffing, no framing by strangers."""

from flask import Flask, Response
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
)


def install(app: Flask) -> None:
    """Adds the headers; TLS headers only where there is TLS."""
    ancestors = ["'self'", *app.config["FRAME_ANCESTORS"]]
    policy = (
        ContentSecurityPolicy()
        .default_src("'self'")
        .img_src("'self'", "data:")
        .object_src("'none'")
        .base_uri("'none'")
        .form_action("'self'")
        .frame_ancestors(*ancestors)
    )
    policies = Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        hsts=StrictTransportSecurity().max_age(31536000) if app.config["PUBLIC_URL"].startswith("https://") else None,
    )
    fixed = {header.header_name: header.header_value for header in policies.headers_list}

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        return response
