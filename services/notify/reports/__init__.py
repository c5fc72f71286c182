"""Reports: what comes back after a mail was taken: bounces, complaints, receipts."""
