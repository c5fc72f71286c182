"""What a domain's TXT records say about who may send mail for it: SPF, DMARC and DKIM (RFC 7208, 7489, 6376). Pure.

`texts` are the records of the name that each looks at; None where no name server answered.
"""

from collections.abc import Iterator, Sequence

from deploy.doctor.findings import Finding


def spf(domain: str, texts: Sequence[str] | None) -> Iterator[Finding]:
    """Whether the domain says who may send for it. Pure, as are the next two."""
    if texts is None:
        yield _nobody("SPF")
        return
    said = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if not said:
        yield Finding(
            "warning",
            "notify",
            "SPF",
            f"{domain} does not say who may send for it",
            f'a TXT record of {domain}: "v=spf1 include:<your relay> -all"',
        )
    elif len(said) > 1:
        yield Finding(
            "wrong", "notify", "SPF", f"{domain} has {len(said)} SPF records, so none counts", "make them one"
        )
    elif said[0].rstrip().lower().endswith("+all"):
        yield Finding(
            "wrong",
            "notify",
            "SPF",
            f"{domain} lets everybody send for it",
            "end the record with -all or ~all",
        )
    else:
        yield Finding("good", "notify", "SPF", said[0])


def dmarc(domain: str, texts: Sequence[str] | None) -> Iterator[Finding]:
    """Whether the domain says what becomes of mail that fails."""
    if texts is None:
        yield _nobody("DMARC")
        return
    said = [text for text in texts if text.lower().startswith("v=dmarc1")]
    if len(said) == 1:
        yield Finding("good", "notify", "DMARC", said[0])
    else:
        what = "has none" if not said else f"has {len(said)}, so none counts"
        yield Finding(
            "warning",
            "notify",
            "DMARC",
            f"{domain} {what}",
            f'one TXT record of _dmarc.{domain}: "v=DMARC1; p=quarantine; rua=mailto:…"; large providers ask for it',
        )


def dkim(selector: str, domain: str, texts: Sequence[str] | None, key: str | None) -> Iterator[Finding]:
    """Whether receivers find the key that mail is signed with. `key`: its public half in base64, as the record has it."""
    where = f"{selector}._domainkey.{domain}"
    if key is None:
        yield Finding(
            "wrong",
            "notify",
            "DKIM",
            "LOTI_DKIM_KEY_FILE cannot be read as a private key in PEM",
            "give an RSA or Ed25519 key that notify may read",
        )
        return
    if texts is None:
        yield _nobody("DKIM")
        return
    published = [
        part.partition("=")[2]
        for text in texts
        for part in text.replace(" ", "").split(";")
        if part.startswith("p=")
    ]
    if key in published:
        yield Finding("good", "notify", "DKIM", f"{where} has the key that mail is signed with")
    else:
        what = "has another key" if published else "has no key"
        yield Finding(
            "wrong",
            "notify",
            "DKIM",
            f"{where} {what}: what is signed fails everywhere",
            f"a TXT record of {where} with p={key[:16]}…, or take LOTI_DKIM_SELECTOR away",
        )


def _nobody(what: str) -> Finding:
    return Finding("unknown", "notify", what, "no name server answered from here")
