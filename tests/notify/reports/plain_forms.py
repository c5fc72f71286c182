"""Bounces in forms of a mail system's own, made up for these tests."""

from tests.notify.reports.came_back import MAIL, READER, crlf


def qmail(to: str, recipient: str = READER) -> bytes:
    """As qmail writes them: plain words in a form of its own."""
    return crlf(f"""\
        Return-Path: <>
        Delivered-To: {to}
        From: MAILER-DAEMON@mail.featherstone.example
        To: {to}
        Subject: failure notice

        Hi. This is the qmail-send program at mail.featherstone.example.
        I'm afraid I wasn't able to deliver your message to the following addresses.
        This is a permanent error; I've given up. Sorry it didn't work out.

        <{recipient}>:
        Sorry, no mailbox here by that name. (#5.1.1)

        --- Below this line is a copy of the message.

        Return-Path: <{to}>
        Message-ID: <{MAIL}@loti.example>

        <somebody.else@featherstone.example>:
        is who a mail may speak of like this. (#5.1.1)
        """)


def exim_plain(to: str, recipient: str = READER) -> bytes:
    """As an Exim without delivery reports wrote them."""
    return crlf(f"""\
        Envelope-to: {to}
        Received: from mail by mail.featherstone.example with local (Exim 4.72) id 1OabcD-0001Ab-3C
        X-Failed-Recipients: {recipient}
        From: Mail Delivery System <Mailer-Daemon@mail.featherstone.example>
        To: {to}
        Subject: Mail delivery failed: returning message to sender

        A message that you sent could not be delivered to one or more of its
        recipients. This is a permanent error. The following address(es) failed:

          {recipient}
            SMTP error from remote mail server after RCPT TO:<{recipient}>:
            host mx.featherstone.example [192.0.2.7]: 550 5.1.1 User unknown

        ------ This is a copy of the message, including all the headers. ------
        """)
