"""The pages behind a mail's links."""
