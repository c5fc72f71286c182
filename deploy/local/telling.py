"""One plain line for each thing that happens, as a person who watches reads it."""

from loti_contracts.events import (
    BenchmarkUpdated,
    ConsumerResumed,
    ConsumerStopped,
    DemandShared,
    DraftChanged,
    Event,
    ExemplarMissing,
    FollowUpDue,
    ItemPublished,
    Match,
    MatchAnswered,
    MatchIntroduced,
    MatchLapsed,
    MatchProposed,
    MatchUnmatched,
    MatchWithdrawn,
    MessageDiscarded,
    MessageParked,
    MessageReplayed,
    OutcomeRecorded,
    Pay,
    PaySignalRaised,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleNovel,
    RoleReadvertised,
    RoundDecided,
    SourceFailing,
    SourceRecovered,
)


def line_of(event: Event) -> str | None:
    """One line for a person, or None where it would only be noise."""
    match event:
        case RoleDiscovered(role=role):
            return f"role found    {_role(role)}"
        case RoleReadvertised(role=role):
            return f"readvertised  {_role(role)}"
        case SourceFailing(source=board):
            return f"board fails   {board.name}: {board.why}"
        case SourceRecovered(source=board):
            return f"board is back {board.name}"
        case RoleChanged(role=role):
            return f"role changed  {_role(role)} ({', '.join(event.changed)})"
        case RoleClosed(role=role):
            return f"role closed   {_role(role)} ({role.closed_because})"
        case BenchmarkUpdated(benchmark=cell) if (
            cell.level == "all" and cell.area == "london" and cell.middle
        ):
            return (
                f"benchmark     {cell.standard_role}: middle of the range {_pounds(cell.middle.p50)} a {cell.period}, "
                f"{cell.adverts} advert{'s' * (cell.adverts != 1)} in {cell.boroughs} borough{'s' * (cell.boroughs != 1)}"
            )
        case MatchProposed(match=found):
            best = found.shortlist[0]
            return (
                f"match         {_help(found)}: {len(found.shortlist)} on the "
                f"shortlist, best {best.score:.2f} because {best.reasons[0].sentence}"
            )
        case MatchUnmatched(match=found):
            return f"nobody yet    {_help(found)}: {_nobody(found)}"
        case MatchAnswered(match=found):
            return f"answer        {_help(found)}: {found.status}"
        case MatchWithdrawn(match=found) | MatchLapsed(match=found):
            return f"{found.stage or found.status:13} {_help(found)}: {found.why}"
        case MatchIntroduced(match=found):
            return f"introduced    {_help(found)}"
        case FollowUpDue(match=found):
            return f"follow-up     {_help(found)}: {event.after} have gone"
        case OutcomeRecorded(match=found):
            return f"outcome       {_help(found)}: {found.outcome.result if found.outcome else 'not known'}"
        case DemandShared(demand=shared):
            return f"shared demand {shared.sentence}"
        case RoleNovel(novel=novel):
            return f"novel role    {novel.title}: {novel.why}"
        case PaySignalRaised(signal=signal):
            return f"pay signal    {signal.sentence}"
        case ItemPublished(item=item):
            return f"library       {item.kind}: {item.title}"
        case DraftChanged(draft=draft) if draft.status == "waiting":
            return f"for review    {draft.kind}: {draft.content.title}"
        case ExemplarMissing(gap=gap) if len(gap.adverts) > 1:
            return f"no exemplar   {gap.sentence}"
        case RoundDecided(result=result):
            return (
                f"round         {result.status}: {len(result.pairs)} pairs, {len(result.not_paired)} without"
            )
        case MessageReplayed(dead_letter=letter):
            return f"replayed      {letter.service}: {letter.status}"
        case MessageDiscarded(dead_letter=letter):
            return f"given up      {letter.service}: {letter.discarded_why}"
        case ConsumerStopped(consumer=consumer):
            return f"stopped       {consumer.id}: {consumer.reason}"
        case ConsumerResumed(consumer=consumer):
            return f"goes on       {consumer.id}"
        case MessageParked(dead_letter=letter):
            return f"dead letter   {letter.service}: {letter.reason}"
    return None


def _help(match: Match) -> str:
    return f"{match.kind} for {match.standard_role or 'any role'}"


def _nobody(match: Match) -> str:
    if not match.left_out_counts:
        return "nobody is listed"
    return "; ".join(f"{count.supporters} {count.why}" for count in match.left_out_counts)


def _role(role: Role) -> str:
    where = ", ".join(authority.name for authority in role.authorities) or "authority not known"
    read = f"{role.standard_role.name}, {role.level}" if role.standard_role else "no standard role"
    return f"{role.title} · {where} · {_pay(role.pay)} → {read}"


def _pay(pay: Pay | None) -> str:
    if pay is None or (pay.minimum is None and pay.maximum is None):
        return "no pay printed"
    ends = [end for end in (pay.minimum, pay.maximum) if end is not None]
    amount = "–".join(_pounds(end) for end in dict.fromkeys(ends))
    return amount if pay.period == "year" else f"{amount} a {pay.period}"


def _pounds(pence: int) -> str:
    return f"£{pence / 100:,.0f}" if pence % 100 == 0 or pence > 1_000_000 else f"£{pence / 100:,.2f}"
