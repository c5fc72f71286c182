"""The two errors that are expected. Anything else that a handler raises is a bug."""


class TryAgain(Exception):
    """It may succeed later: the event is held, with its partition, and tried again with back-off.

    Losing the database or a lock needs no TryAgain of your own: the consumer knows those errors.
    """


class Park(Exception):
    """It can never succeed: the message is set aside as a dead letter with this reason, and the rest go on.

    The reason says what is wrong, where, and what to do; it is read by a person.
    """
