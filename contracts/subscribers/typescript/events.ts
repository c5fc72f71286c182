// Made by make-types.mjs from the published JSON Schemas. Do not edit.

/**
 * A borough's answer. Its `id` is the id of the match it answers.
 */
export interface Answer {
  answer: "accepted" | "declined";
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * Of the shortlist that is answered; null: not said, so the times tell.
   */
  match_revision?: number | null;
  revision: number;
  /**
   * RFC 3339, UTC.
   */
  stated_at: string;
  /**
   * Whom of the shortlist the borough chose; null when declined.
   */
  supporter_id?: string | null;
  [k: string]: unknown;
}
/**
 * A borough accepted one of the proposed supporters, or declined them all.
 */
export interface AnswerStatedV1 {
  answer: Answer;
  changed?: string[];
  [k: string]: unknown;
}
/**
 * One cell of the table standard role × level × area, full-time equivalent, in pence a year or a day.
 *
 * The quantiles are null in a cell that has no comparable offer (any more). Offers weigh half as much for every
 * `half_life_months` that they are older. The proportions of such weights do not change as time passes, so a
 * cell's figures hold until its next event.
 */
export interface Benchmark {
  /**
   * How many offers are in it.
   */
  adverts: number;
  /**
   * `london` is inner and outer.
   */
  area: "inner" | "outer" | "london";
  /**
   * How many authorities made them.
   */
  boroughs: number;
  /**
   * Of the lower ends of the offered ranges.
   */
  bottom?: Quantiles | null;
  /**
   * How far the figures carry, by effective offers and boroughs; null where not judged.
   */
  confidence?: ("none" | "low" | "medium" | "high") | null;
  /**
   * What boroughs say they really pay; null where none has said anything.
   */
  contributed?: ContributedPay | null;
  /**
   * To how many offers of equal weight the middles amount (Kish 1965); null where not counted.
   */
  effective?: number | null;
  family: string;
  freshest?: string | null;
  /**
   * After how many months an offer weighs half; null where none is weighed.
   */
  half_life_months?: number | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * A level, or `all`.
   */
  level: string;
  /**
   * The 95% confidence interval of the middle's median; null below six effective offers.
   */
  likely?: Between | null;
  /**
   * Of the middles of the offered ranges.
   */
  middle?: Quantiles | null;
  oldest?: string | null;
  /**
   * Salaries by the year; day rates are cells of their own, their ids end in `.day`.
   */
  period?: "year" | "day";
  revision: number;
  standard_role: string;
  /**
   * Of the upper ends of the offered ranges.
   */
  top?: Quantiles | null;
  trend?: Trend | null;
  [k: string]: unknown;
}
/**
 * Percentiles in pence of the cell's period, interpolated between offers, rounded to the penny.
 *
 * The weighted type 7 of Akinshin (arXiv 2304.07265): with equal weights it is Hyndman and Fan's type 7, the
 * default of numpy and PostgreSQL.
 */
export interface Quantiles {
  /**
   * Money in whole pence; the period stands beside it.
   */
  p10: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p25: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p50: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p75: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p90: number;
  [k: string]: unknown;
}
/**
 * Figures that contain contributed pay, or the reason why there are none. Never both.
 */
export interface ContributedPay {
  /**
   * The day on which these figures were published.
   */
  as_of?: string | null;
  /**
   * How many contributed; null if withheld.
   */
  boroughs?: number | null;
  /**
   * Why the figures are not newer; null where they are the newest there are.
   */
  held_back?: string | null;
  paid?: PaidQuantiles | null;
  /**
   * How many posts, to the nearest five; null below ten or if withheld.
   */
  posts?: number | null;
  /**
   * What the figures are rounded to.
   */
  rounded_to?: number | null;
  /**
   * Why the figures are withheld; null where they are not.
   */
  suppressed?: string | null;
  /**
   * Why p10 and p90 are left out; null where they are not.
   */
  tails?: string | null;
  [k: string]: unknown;
}
/**
 * Percentiles in pence of what is really paid, rounded. The outer two are null where they are left out.
 */
export interface PaidQuantiles {
  p10?: number | null;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p25: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p50: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p75: number;
  p90?: number | null;
  [k: string]: unknown;
}
/**
 * Two amounts in pence, the lower first.
 */
export interface Between {
  /**
   * Money in whole pence; the period stands beside it.
   */
  high: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  low: number;
  [k: string]: unknown;
}
/**
 * The twelve months that end with the month of the cell's freshest offer.
 */
export interface Trend {
  /**
   * In basis points: the later six months' middle over the earlier six months'; null where either half has fewer than five offers.
   */
  change?: number | null;
  /**
   * Oldest first; a month without offers is not in it.
   *
   * @maxItems 12
   */
  months?:
    | []
    | [Month]
    | [Month, Month]
    | [Month, Month, Month]
    | [Month, Month, Month, Month]
    | [Month, Month, Month, Month, Month]
    | [Month, Month, Month, Month, Month, Month]
    | [Month, Month, Month, Month, Month, Month, Month]
    | [Month, Month, Month, Month, Month, Month, Month, Month]
    | [Month, Month, Month, Month, Month, Month, Month, Month, Month]
    | [Month, Month, Month, Month, Month, Month, Month, Month, Month, Month]
    | [Month, Month, Month, Month, Month, Month, Month, Month, Month, Month, Month]
    | [Month, Month, Month, Month, Month, Month, Month, Month, Month, Month, Month, Month];
  [k: string]: unknown;
}
/**
 * One month's offers in a cell.
 */
export interface Month {
  /**
   * How many offers have a middle.
   */
  adverts: number;
  /**
   * The median of the middles, rounded to the penny.
   */
  middle: number;
  /**
   * Such as 2026-11.
   */
  month: string;
  [k: string]: unknown;
}
/**
 * A cell's figures are different from before.
 */
export interface BenchmarkUpdatedV1 {
  benchmark: Benchmark;
  changed?: string[];
  [k: string]: unknown;
}
/**
 * Whether a service goes on handling what it hears. The id is the service's name.
 */
export interface ConsumerState {
  /**
   * Since when it is so.
   */
  at: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * Why it was stopped, in words; null while it runs.
   */
  reason?: string | null;
  revision: number;
  status: "running" | "stopped";
  [k: string]: unknown;
}
/**
 * Somebody let the service go on.
 */
export interface ConsumerResumedV1 {
  changed?: string[];
  consumer: ConsumerState;
  [k: string]: unknown;
}
/**
 * Too many messages in a row were set aside: the service handles nothing until somebody mended the cause.
 */
export interface ConsumerStoppedV1 {
  changed?: string[];
  consumer: ConsumerState;
  [k: string]: unknown;
}
/**
 * The person's own yes to these subscriptions, at this address, given where the address was proved.
 */
export interface Consent {
  /**
   * RFC 3339, UTC.
   */
  given_at: string;
  /**
   * Such as: signed in on the portal.
   */
  how: string;
  [k: string]: unknown;
}
/**
 * A person or a shared mailbox, and what it asked to hear of.
 *
 * `subscriptions`, `quiet_hours` and `most_a_day` count when there is a `consent` that is later than what the
 * person chose last; without one they are asked for by email first (double opt-in), once.
 */
export interface Contact {
  borough?: string | null;
  consent?: Consent | null;
  email: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * Emails a day at most; null: as the sender limits it.
   */
  most_a_day?: number | null;
  name: string;
  organisation: string;
  quiet_hours?: QuietHours | null;
  revision: number;
  roles?: (
    | "chief digital officer"
    | "HR director"
    | "hiring manager"
    | "apprenticeship lead"
    | "newsletter reader"
    | "supporter"
    | "LOTI staff"
  )[];
  subscriptions?: Subscription[];
  [k: string]: unknown;
}
/**
 * When no email should arrive, in London's time. `start` after `end` spans midnight.
 */
export interface QuietHours {
  /**
   * Such as 08:00; the first minute in which mail may come again.
   */
  end: string;
  /**
   * Such as 18:00.
   */
  start: string;
  /**
   * No mail on Saturdays and Sundays either.
   */
  weekends?: boolean;
  [k: string]: unknown;
}
/**
 * What a contact wants to hear of. An empty filter lets everything through.
 *
 * Filters count where the topic has what they ask for: roles, families, levels and boroughs nearly everywhere, areas
 * and pay for roles alone. Whoever is part of a match hears of it without a subscription; one for `match proposed`
 * or `follow-up due` says how often. An introduction is always sent at once.
 */
export interface Subscription {
  /**
   * Inner or outer London.
   */
  areas?: ("inner" | "outer")[];
  boroughs?: string[];
  families?: string[];
  frequency?: "at once" | "daily" | "weekly";
  levels?: ("trainee" | "associate" | "practitioner" | "senior" | "lead" | "principal" | "head" | "chief")[];
  /**
   * A year: only roles whose pay reaches it, or says nothing; null: whatever it is.
   */
  minimum_pay?: number | null;
  standard_roles?: string[];
  topic:
    | "new role"
    | "benchmark moved"
    | "offer below market"
    | "shared demand"
    | "novel role"
    | "match proposed"
    | "introduction"
    | "follow-up due"
    | "source failing"
    | "library news"
    | "event"
    | "newsletter";
  [k: string]: unknown;
}
/**
 * A contact is known, or changed.
 */
export interface ContactStatedV1 {
  changed?: string[];
  contact: Contact;
  [k: string]: unknown;
}
/**
 * What an item says. Fields that its kind has no use for are empty.
 */
export interface Content {
  /**
   * Its name or reference, such as ST0118.
   */
  apprenticeship_standard?: string | null;
  /**
   * CommonMark without HTML.
   */
  body?: string | null;
  /**
   * Whose it is, or who raised it; empty: everybody's.
   */
  boroughs?: string[];
  /**
   * The community of practice that raised a challenge.
   */
  community?: string | null;
  families?: string[];
  /**
   * Of an event; null for all else.
   */
  happening?: Happening | null;
  levels?: ("trainee" | "associate" | "practitioner" | "senior" | "lead" | "principal" | "head" | "chief")[];
  /**
   * An SPDX identifier or a name; null: not said.
   */
  licence?: string | null;
  /**
   * Where it can be read in full.
   */
  link?: string | null;
  /**
   * Its sources, where it has any.
   */
  made_from?: MadeFrom[];
  /**
   * Of a team structure, each after whom it reports to.
   *
   * @maxItems 500
   */
  posts?: Post[];
  /**
   * Of training.
   */
  provider?: string | null;
  skills?: string[];
  standard_roles?: string[];
  /**
   * Plain text, a paragraph or two.
   */
  summary: string;
  title: string;
  /**
   * Of a challenge: who works on it.
   */
  working_on?: WorkingOn[];
  [k: string]: unknown;
}
/**
 * When and where an event takes place.
 */
export interface Happening {
  /**
   * RFC 3339, UTC.
   */
  ends_at: string;
  /**
   * The address to join at.
   */
  online?: string | null;
  /**
   * Null: online alone.
   */
  place?: string | null;
  /**
   * RFC 3339, UTC.
   */
  starts_at: string;
  [k: string]: unknown;
}
/**
 * Something that a text was made from.
 */
export interface MadeFrom {
  authorities?: string[];
  link?: string | null;
  /**
   * The advert, where it is one.
   */
  role_id?: string | null;
  title: string;
  [k: string]: unknown;
}
/**
 * One box of a team structure: a post, or several alike.
 */
export interface Post {
  /**
   * How many posts alike.
   */
  count?: number;
  /**
   * Within its structure.
   */
  id: string;
  level?: ("trainee" | "associate" | "practitioner" | "senior" | "lead" | "principal" | "head" | "chief") | null;
  /**
   * The id of another post; null at the top.
   */
  reports_to?: string | null;
  standard_role?: string | null;
  /**
   * The team that it belongs to.
   */
  team?: string | null;
  title: string;
  /**
   * How many of them are vacant.
   */
  vacant?: number;
  [k: string]: unknown;
}
/**
 * Who works on a shared challenge.
 */
export interface WorkingOn {
  /**
   * ONS GSS code of a London authority, such as E09000012.
   */
  borough: string;
  since?: string | null;
  what: string;
  [k: string]: unknown;
}
/**
 * What somebody offers to the library: a new item, or a new version of one. It waits for a review.
 */
export interface Contribution {
  /**
   * Who offers it.
   */
  contact_id: string;
  content: Content;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * The item that it begins or changes.
   */
  item_id: string;
  kind: "job description" | "team structure" | "case study" | "training" | "apprenticeship" | "challenge" | "event";
  /**
   * To the reviewer.
   */
  note?: string | null;
  revision: number;
  /**
   * RFC 3339, UTC.
   */
  stated_at: string;
  status?: "offered" | "withdrawn";
  [k: string]: unknown;
}
/**
 * Somebody offered something to the library, changed the offer, or withdrew it.
 */
export interface ContributionStatedV1 {
  changed?: string[];
  contribution: Contribution;
  [k: string]: unknown;
}
/**
 * What one borough has in the window, alone or with others.
 */
export interface BoroughInDemand {
  adverts: number;
  /**
   * ONS GSS code of a London authority, such as E09000012.
   */
  gss: string;
  name: string;
  /**
   * How many of the adverts were advertised before.
   */
  readvertised: number;
  /**
   * Requests for help to recruit.
   */
  requests: number;
  [k: string]: unknown;
}
/**
 * A request for help to recruit, in the window.
 */
export interface RequestInDemand {
  /**
   * ONS GSS code of a London authority, such as E09000012.
   */
  borough: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  level?: string | null;
  need_by?: string | null;
  [k: string]: unknown;
}
/**
 * An advert in the window.
 */
export interface RoleInDemand {
  /**
   * Several for a shared service.
   */
  boroughs: string[];
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  level?: string | null;
  links: string[];
  readvertises?: string | null;
  status: "open" | "closed";
  title: string;
  [k: string]: unknown;
}
/**
 * A standard role that several boroughs look for within one window. The id is the standard role's name.
 *
 * An advert counts while it is open and for `window_days` after it closed; a request for `window_days` after it was
 * stated, unless it is withdrawn. `borough_count` is what `least` is compared with: a borough counts once, and an
 * advert that several boroughs share counts for one of them. One that ended names no borough, role or request.
 */
export interface SharedDemand {
  borough_count: number;
  boroughs?: BoroughInDemand[];
  ended_at?: string | null;
  family: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * From how many boroughs on a demand is shared.
   */
  least: number;
  requests?: RequestInDemand[];
  revision: number;
  roles?: RoleInDemand[];
  /**
   * What is shared, in words.
   */
  sentence: string;
  /**
   * When it was first seen to be shared, this time.
   */
  since: string;
  standard_role: string;
  status: "current" | "ended";
  /**
   * What they could do together; null when ended.
   */
  step?: ("pay review" | "shared recruiter" | "joint advert" | "shared talent pool") | null;
  /**
   * Why that step, in words.
   */
  step_why?: string | null;
  window_days: number;
  [k: string]: unknown;
}
/**
 * A standard role is no longer looked for by enough boroughs at once.
 */
export interface DemandEndedV1 {
  changed?: string[];
  demand: SharedDemand;
  [k: string]: unknown;
}
/**
 * Several boroughs look for the same standard role, or what they look for changed.
 */
export interface DemandSharedV1 {
  changed?: string[];
  demand: SharedDemand;
  [k: string]: unknown;
}
/**
 * What waits for a review, or waited. The id is the contribution's, or was made for an assembled draft.
 */
export interface Draft {
  /**
   * Who offered it; null: nobody did.
   */
  contact_id?: string | null;
  content: Content;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * The item that it begins or changes.
   */
  item_id: string;
  kind: "job description" | "team structure" | "case study" | "training" | "apprenticeship" | "challenge" | "event";
  /**
   * RFC 3339, UTC.
   */
  made_at: string;
  /**
   * Of the one who offered it.
   */
  note?: string | null;
  /**
   * Assembled: by the library, of what several adverts have in common.
   */
  origin: "contributed" | "assembled";
  reviewed_at?: string | null;
  revision: number;
  /**
   * Superseded: a newer draft or item stands in its place.
   */
  status: "waiting" | "published" | "returned" | "withdrawn" | "superseded";
  /**
   * What the reviewer says, or why it could not be.
   */
  why?: string | null;
  [k: string]: unknown;
}
/**
 * A draft waits for a review, reads differently, or was dealt with.
 */
export interface DraftChangedV1 {
  changed?: string[];
  draft: Draft;
  [k: string]: unknown;
}
/**
 * One newsletter as it was sent. It names no reader.
 */
export interface Edition {
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * The page on which it can be read.
   */
  link: string;
  /**
   * CommonMark without HTML.
   */
  markdown: string;
  revision: number;
  /**
   * When sending began.
   */
  sent_at: string;
  /**
   * The first day that it tells of.
   */
  since: string;
  /**
   * What a mailbox shows beside the title.
   */
  summary?: string;
  title: string;
  /**
   * The last day that it tells of.
   */
  until: string;
  [k: string]: unknown;
}
/**
 * A newsletter is being sent, and can be read on its page.
 */
export interface EditionPublishedV1 {
  changed?: string[];
  edition: Edition;
  [k: string]: unknown;
}
/**
 * A standard role at one level, and whether the library has an exemplar job description for it.
 */
export interface ExemplarGap {
  /**
   * Open ones, the longest description first.
   */
  adverts?: LiveAdvert[];
  /**
   * A draft that was assembled for it.
   */
  draft_id?: string | null;
  family: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * The exemplar; null while it is missing.
   */
  item_id?: string | null;
  /**
   * Null: of adverts whose level is not known.
   */
  level?: ("trainee" | "associate" | "practitioner" | "senior" | "lead" | "principal" | "head" | "chief") | null;
  revision: number;
  /**
   * What is missing, in words.
   */
  sentence: string;
  /**
   * When it became so.
   */
  since: string;
  standard_role: string;
  /**
   * Old: the newest exemplar is older than it may be. Covered: no gap any more.
   */
  status: "missing" | "old" | "covered";
  [k: string]: unknown;
}
/**
 * An open advert that could serve as a start.
 */
export interface LiveAdvert {
  authorities?: string[];
  closes_on?: string | null;
  link?: string | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  role_id: string;
  title: string;
  /**
   * How long its description is; 0: it has none.
   */
  words: number;
  [k: string]: unknown;
}
/**
 * There is a good exemplar now, or nobody advertises the role any more.
 */
export interface ExemplarFoundV1 {
  changed?: string[];
  gap: ExemplarGap;
  [k: string]: unknown;
}
/**
 * A role is advertised for which there is no exemplar, or only an old one; or its live adverts changed.
 */
export interface ExemplarMissingV1 {
  changed?: string[];
  gap: ExemplarGap;
  [k: string]: unknown;
}
/**
 * Something worth reading, or an event to come to. Only what was reviewed is published.
 */
export interface LibraryItem {
  /**
   * Its name or reference, such as ST0118.
   */
  apprenticeship_standard?: string | null;
  /**
   * CommonMark without HTML.
   */
  body?: string | null;
  /**
   * Whose it is, or who raised it; empty: everybody's.
   */
  boroughs?: string[];
  /**
   * The community of practice that raised a challenge.
   */
  community?: string | null;
  families?: string[];
  /**
   * Of an event; null for all else.
   */
  happening?: Happening | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  kind: "job description" | "team structure" | "case study" | "training" | "apprenticeship" | "challenge" | "event";
  levels?: ("trainee" | "associate" | "practitioner" | "senior" | "lead" | "principal" | "head" | "chief")[];
  /**
   * An SPDX identifier or a name; null: not said.
   */
  licence?: string | null;
  /**
   * Where it can be read in full.
   */
  link?: string | null;
  /**
   * Its sources, where it has any.
   */
  made_from?: MadeFrom[];
  /**
   * Of a team structure, each after whom it reports to.
   *
   * @maxItems 500
   */
  posts?: Post[];
  /**
   * Of training.
   */
  provider?: string | null;
  /**
   * RFC 3339, UTC.
   */
  published_at: string;
  retired_at?: string | null;
  revision: number;
  skills?: string[];
  standard_roles?: string[];
  status: "published" | "retired";
  /**
   * Plain text, a paragraph or two.
   */
  summary: string;
  title: string;
  /**
   * Counts up with each reviewed change of what it says; null: not counted.
   */
  version?: number | null;
  /**
   * Of a challenge: who works on it.
   */
  working_on?: WorkingOn[];
  [k: string]: unknown;
}
/**
 * An item can be read, or reads differently now.
 */
export interface LibraryItemPublishedV1 {
  changed?: string[];
  item: LibraryItem;
  [k: string]: unknown;
}
/**
 * An item should not be used any more; an event is over or called off.
 */
export interface LibraryItemRetiredV1 {
  changed?: string[];
  item: LibraryItem;
  [k: string]: unknown;
}
/**
 * The benchmark that goes with a recruitment request, in pence a year.
 */
export interface BenchmarkInBrief {
  adverts: number;
  area: string;
  boroughs: number;
  level: string;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p25: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p50: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  p75: number;
  standard_role: string;
  [k: string]: unknown;
}
/**
 * A supporter on the shortlist.
 */
export interface Candidate {
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  contact_id: string;
  reasons: Reason[];
  /**
   * The weighted sum of the parts.
   */
  score: number;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  supporter_id: string;
  [k: string]: unknown;
}
/**
 * One weighted part of a score, with its sentence.
 */
export interface Reason {
  /**
   * role fit, skill overlap, availability, …
   */
  part: string;
  score: number;
  sentence: string;
  weight: number;
  [k: string]: unknown;
}
/**
 * A question how it went, some time after the introduction.
 */
export interface FollowUp {
  after: "two weeks" | "three months" | "six months";
  /**
   * When it was said to be due; null: not yet.
   */
  asked_at?: string | null;
  due_on: string;
  [k: string]: unknown;
}
/**
 * A supporter who is not on the shortlist, and why not.
 */
export interface LeftOut {
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  supporter_id: string;
  why: string;
  [k: string]: unknown;
}
/**
 * How many were left out for one sort of reason.
 */
export interface LeftOutCount {
  supporters: number;
  why: string;
  [k: string]: unknown;
}
/**
 * What becomes of one request: its shortlist, its answer, and what came of it.
 *
 * `stage` tells how far it is. `status` is the same in the four words of the first version: `withdrawn` stands for
 * every match in which nobody is proposed or accepted, `accepted` for all that follows from an acceptance.
 */
export interface Match {
  /**
   * Whom the borough chose.
   */
  accepted?: Candidate | null;
  answered_at?: string | null;
  benchmark?: BenchmarkInBrief | null;
  /**
   * ONS GSS code of a London authority, such as E09000012.
   */
  borough: string;
  /**
   * When the request, as it is stated now, was first proposed to.
   */
  first_proposed_at?: string | null;
  follow_ups?: FollowUp[];
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * When the mail that introduces the two was taken for delivery.
   */
  introduced_at?: string | null;
  kind: "recruiter" | "mentor" | "university" | "training";
  /**
   * Those who came nearest to being proposed, nearest first.
   */
  left_out?: LeftOut[];
  /**
   * Everyone who is left out, by sort of reason; most first.
   */
  left_out_counts?: LeftOutCount[];
  note?: string | null;
  outcome?: OutcomeInBrief | null;
  /**
   * When this shortlist was made, or nobody was found.
   */
  proposed_at: string;
  purpose?: ("recruitment" | "mentoring" | "placement" | "secondment" | "training" | "advice") | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  request_id: string;
  /**
   * The revision of the request that it was last said for.
   */
  request_revision?: number | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  requester_contact_id: string;
  revision: number;
  /**
   * The round that brought the two on the shortlist together.
   */
  round_id?: string | null;
  /**
   * Best first.
   */
  shortlist: Candidate[];
  /**
   * With a request for a recruiter: live roles like it.
   */
  similar_roles?: SimilarRole[];
  /**
   * Null in what was said before there were stages.
   */
  stage?:
    | (
        | "open"
        | "proposed"
        | "accepted"
        | "declined"
        | "introduced"
        | "followed up"
        | "outcome"
        | "withdrawn"
        | "lapsed"
      )
    | null;
  standard_role?: string | null;
  status: "proposed" | "accepted" | "declined" | "withdrawn";
  /**
   * Why it lapsed or was withdrawn, in words.
   */
  why?: string | null;
  [k: string]: unknown;
}
/**
 * What came of the introduction, as it was stated last.
 */
export interface OutcomeInBrief {
  note?: string | null;
  /**
   * RFC 3339, UTC.
   */
  recorded_at: string;
  result: "hired" | "mentored" | "placed" | "enrolled" | "advised" | "ongoing" | "nothing";
  /**
   * RFC 3339, UTC.
   */
  stated_at: string;
  [k: string]: unknown;
}
/**
 * A role like the one that is to be filled, open on a borough's board when the shortlist was made.
 */
export interface SimilarRole {
  authorities: string[];
  closes_on?: string | null;
  level?: string | null;
  link?: string | null;
  /**
   * As printed.
   */
  pay?: string | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  role_id: string;
  title: string;
  [k: string]: unknown;
}
/**
 * The borough accepted one of the shortlist, or declined. (Withdrawn matches were once said so, too.)
 */
export interface MatchAnsweredV1 {
  changed?: string[];
  match: Match;
  [k: string]: unknown;
}
/**
 * It is time to ask these contacts how it went.
 */
export interface MatchFollowUpDueV1 {
  after: "two weeks" | "three months" | "six months";
  changed?: string[];
  contact_ids: string[];
  match: Match;
  [k: string]: unknown;
}
/**
 * The mail that introduces the two was taken for delivery.
 */
export interface MatchIntroducedV1 {
  changed?: string[];
  match: Match;
  [k: string]: unknown;
}
/**
 * The request was not answered in time, or its need-by date passed. Stated anew, it is open again.
 */
export interface MatchLapsedV1 {
  changed?: string[];
  match: Match;
  [k: string]: unknown;
}
/**
 * What came of an introduction is known, or known better.
 */
export interface MatchOutcomeRecordedV1 {
  changed?: string[];
  match: Match;
  [k: string]: unknown;
}
/**
 * A shortlist was made for a request, or made anew.
 */
export interface MatchProposedV1 {
  changed?: string[];
  match: Match;
  [k: string]: unknown;
}
/**
 * Nobody can help with a request now, or any more; it stays open. `left_out` says why not.
 */
export interface MatchUnmatchedV1 {
  changed?: string[];
  match: Match;
  [k: string]: unknown;
}
/**
 * The borough withdrew its request, and with it the match.
 */
export interface MatchWithdrawnV1 {
  changed?: string[];
  match: Match;
  [k: string]: unknown;
}
/**
 * One parked message. Original bytes are base64; they stay in the service's own table alone (null here)
 * when they come from a restricted topic.
 */
export interface DeadLetter {
  attempts: number;
  discarded_at?: string | null;
  /**
   * Why it was given up, in an operator's words.
   */
  discarded_why?: string | null;
  /**
   * name, base64
   */
  headers?: [unknown, unknown][];
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * base64
   */
  key?: string | null;
  offset: number;
  /**
   * RFC 3339, UTC.
   */
  parked_at: string;
  partition: number;
  /**
   * What is wrong and what to do, in words.
   */
  reason: string;
  replayed_at?: string | null;
  revision: number;
  service: string;
  /**
   * Replayed: it was handled after all. Discarded: it was given up. Null in what was said before replays: parked.
   */
  status?: ("parked" | "replayed" | "discarded") | null;
  topic: string;
  /**
   * base64
   */
  value?: string | null;
  [k: string]: unknown;
}
/**
 * A message that a service had set aside was given up: it has no effect and is not handled again.
 */
export interface MessageDiscardedV1 {
  changed?: string[];
  dead_letter: DeadLetter;
  [k: string]: unknown;
}
/**
 * A service set a message aside and went on.
 */
export interface MessageParkedV1 {
  changed?: string[];
  dead_letter: DeadLetter;
  [k: string]: unknown;
}
/**
 * A service handled a message that it had set aside; or tried to, and set it aside again with a new reason.
 */
export interface MessageReplayedV1 {
  changed?: string[];
  dead_letter: DeadLetter;
  [k: string]: unknown;
}
/**
 * One thing told to one contact, once for ever. Several may share an email.
 */
export interface Notification {
  /**
   * What it tells of: the id of a role, a match, a signal, …; of a demand with its day.
   */
  about?: string | null;
  /**
   * How often the email was offered to the relay.
   */
  attempts: number;
  /**
   * The ce_id of the event that it tells of.
   */
  caused_by: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  contact_id: string;
  /**
   * How often a crash left open whether it was taken, so that it went again.
   */
  doubts?: number;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  kind:
    | (
        | "new role"
        | "benchmark moved"
        | "offer below market"
        | "shared demand"
        | "novel role"
        | "match proposed"
        | "introduction"
        | "follow-up due"
        | "source failing"
        | "library news"
        | "event"
        | "newsletter"
      )
    | ("confirmation" | "renewal");
  /**
   * The email that it went out in.
   */
  mail_id?: string | null;
  revision: number;
  /**
   * When the relay took it; null: it never did.
   */
  sent_at?: string | null;
  status?: "sent" | "suppressed" | "failed";
  /**
   * Why this contact gets it, in words.
   */
  why: string;
  /**
   * Why it was not told, in words without addresses.
   */
  why_not?: string | null;
  [k: string]: unknown;
}
/**
 * It could not be told: the relay refused the email for ever, or it came back.
 */
export interface NotificationFailedV1 {
  changed?: string[];
  notification: Notification;
  [k: string]: unknown;
}
/**
 * The mail relay accepted the email that tells it.
 */
export interface NotificationSentV1 {
  changed?: string[];
  notification: Notification;
  [k: string]: unknown;
}
/**
 * It is not told: the contact wants or may get no mail, or it is not worth telling any more.
 */
export interface NotificationSuppressedV1 {
  changed?: string[];
  notification: Notification;
  [k: string]: unknown;
}
/**
 * What came of an introduction. Its `id` is the id of the match.
 *
 * `ongoing` is news, but no end; `nothing` is an end without success; the others are successes.
 */
export interface Outcome {
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * No names of people.
   */
  note?: string | null;
  result: "hired" | "mentored" | "placed" | "enrolled" | "advised" | "ongoing" | "nothing";
  revision: number;
  /**
   * RFC 3339, UTC.
   */
  stated_at: string;
  [k: string]: unknown;
}
/**
 * Somebody said what came of an introduction.
 */
export interface OutcomeStatedV1 {
  changed?: string[];
  outcome: Outcome;
  [k: string]: unknown;
}
/**
 * One thing worth hearing, and the sentence that says why. The id is made of its cause, so that the same cause
 * never has a second id; the revision is always 1.
 *
 * `before` and `after` are in pence of the period: for an offer, the percentile that it passes and the offer; for
 * a benchmark, its old and new median; for a range over two levels, the two levels' medians.
 */
export interface PaySignal {
  /**
   * How many other offers it is measured by.
   */
  adverts: number;
  /**
   * Money in whole pence; the period stands beside it.
   */
  after: number;
  area: "inner" | "outer" | "london";
  /**
   * Money in whole pence; the period stands beside it.
   */
  before: number;
  /**
   * The cell it is measured by, as it was before.
   */
  benchmark_id: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  kind: "below market" | "above market" | "benchmark moved" | "spans levels";
  level: string;
  period: "year" | "day";
  revision: number;
  /**
   * The role that offers it; null for a cell.
   */
  role_id?: string | null;
  sentence: string;
  standard_role: string;
  [k: string]: unknown;
}
/**
 * An offer is out of its market, a benchmark moved, or a range spans two levels.
 */
export interface PaySignalRaisedV1 {
  changed?: string[];
  signal: PaySignal;
  [k: string]: unknown;
}
/**
 * A wish to have a dead letter handled again. The id is the dead letter's.
 */
export interface Replay {
  /**
   * Who wants it; null: an operator.
   */
  contact_id?: string | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  revision: number;
  /**
   * Whose dead letter it is.
   */
  service: string;
  /**
   * RFC 3339, UTC.
   */
  stated_at: string;
  [k: string]: unknown;
}
/**
 * Somebody wants a dead letter to be handled again, now that its cause is mended.
 */
export interface ReplayAskedV1 {
  changed?: string[];
  replay: Replay;
  [k: string]: unknown;
}
/**
 * A borough's request for help, open until somebody accepts, it lapses, or it is withdrawn.
 */
export interface Request {
  /**
   * Its name or reference, such as ST0118.
   */
  apprenticeship_standard?: string | null;
  /**
   * ONS GSS code of a London authority, such as E09000012.
   */
  borough: string;
  /**
   * Who asks.
   */
  contact_id: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * Who is asked for.
   */
  kind: "recruiter" | "mentor" | "university" | "training";
  /**
   * Languages that the supporter must speak.
   */
  languages?: string[];
  /**
   * Of the role; of the person to be mentored where a mentor is asked for.
   */
  level?: string | null;
  /**
   * The supporter is at least this senior.
   */
  minimum_level?:
    ("trainee" | "associate" | "practitioner" | "senior" | "lead" | "principal" | "head" | "chief") | null;
  /**
   * After this day help is no use: the request lapses.
   */
  need_by?: string | null;
  /**
   * Whoever works for one of these cannot help.
   */
  not_boroughs?: string[];
  /**
   * Never these: a line manager, an earlier pair.
   */
  not_supporters?: string[];
  note?: string | null;
  /**
   * What for: advice may be asked of anybody, a placement or a secondment of a university. Null: what that kind of supporter usually does.
   */
  purpose?: ("recruitment" | "mentoring" | "placement" | "secondment" | "training" | "advice") | null;
  revision: number;
  skills?: string[];
  /**
   * The standard role it is about.
   */
  standard_role?: string | null;
  /**
   * The first day on which help is wanted.
   */
  start?: string | null;
  /**
   * RFC 3339, UTC.
   */
  stated_at: string;
  status?: "open" | "withdrawn";
  /**
   * For how long from then on.
   */
  weeks?: number | null;
  [k: string]: unknown;
}
/**
 * A borough asked for help, or changed or withdrew what it asked for.
 */
export interface RequestStatedV1 {
  changed?: string[];
  request: Request;
  [k: string]: unknown;
}
/**
 * What a reviewer says to a draft, or that an item is to be retired.
 */
export interface Review {
  /**
   * Who reviews.
   */
  contact_id: string;
  /**
   * As the reviewer mended it; null: as it was offered.
   */
  content?: Content | null;
  /**
   * Of the draft; null to retire an item.
   */
  draft_id?: string | null;
  /**
   * The draft as the reviewer saw it; a newer one is not touched.
   */
  draft_revision?: number | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * Of the item to retire.
   */
  item_id?: string | null;
  revision: number;
  /**
   * RFC 3339, UTC.
   */
  stated_at: string;
  verdict: "publish" | "return" | "retire";
  /**
   * For the one who offered it.
   */
  why?: string | null;
  [k: string]: unknown;
}
/**
 * A reviewer published or returned a draft, or retired an item.
 */
export interface ReviewStatedV1 {
  changed?: string[];
  review: Review;
  [k: string]: unknown;
}
/**
 * One of the 33 London authorities.
 */
export interface AuthorityNamed {
  /**
   * Inner or outer London as the ONS draws it.
   */
  area: "inner" | "outer";
  /**
   * ONS GSS code of a London authority, such as E09000012.
   */
  gss: string;
  name: string;
  [k: string]: unknown;
}
/**
 * What the advert offers, as it was read. A bound is null where the advert gives none.
 */
export interface Pay {
  /**
   * Full-time equivalent, already reduced to the actual hours, or not said.
   */
  basis?: ("fte" | "actual") | null;
  /**
   * As printed: PO3, Grade 12.
   */
  grade?: string | null;
  maximum?: number | null;
  minimum?: number | null;
  period?: ("year" | "month" | "week" | "day" | "hour") | null;
  scp_maximum?: number | null;
  /**
   * Spinal column point.
   */
  scp_minimum?: number | null;
  /**
   * As printed.
   */
  text: string;
  /**
   * Why there are no amounts, where there are none.
   */
  why_not?: string | null;
  [k: string]: unknown;
}
/**
 * A job on a borough's board, from the day it is found until it is closed.
 */
export interface Role {
  /**
   * Several for a shared service, none where not known.
   */
  authorities: AuthorityNamed[];
  /**
   * The board of each of its links, in their order; empty where it is not told.
   */
  boards?: string[];
  closed_at?: string | null;
  /**
   * Its closing date passed; its own page says that it is closed, or no digital job any more; or it left its boards, and nothing tells why.
   */
  closed_because?: ("expired" | "withdrawn" | "gone") | null;
  closes_on?: string | null;
  confidence: number;
  contract?: string | null;
  /**
   * Plain text.
   */
  description?: string | null;
  employer?: string | null;
  /**
   * RFC 3339, UTC.
   */
  found_at: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * In rising order of seniority.
   */
  level?: ("trainee" | "associate" | "practitioner" | "senior" | "lead" | "principal" | "head" | "chief") | null;
  /**
   * Its adverts: one on each board that shows it, the leading one first.
   */
  links: string[];
  location?: string | null;
  pay?: Pay | null;
  posted_on?: string | null;
  /**
   * The id of the earlier, closed role of the same title, employer and text.
   */
  readvertises?: string | null;
  relevance: "yes" | "borderline";
  revision: number;
  /**
   * The board that shows it; of several, the one nearest to the employer.
   */
  source: string;
  /**
   * Null where no standard role fits: it is never guessed.
   */
  standard_role?: StandardRoleNamed | null;
  status: "open" | "closed";
  title: string;
  /**
   * The evidence for the relevance and the standard role, in words.
   */
  why: string;
  [k: string]: unknown;
}
/**
 * A role of the Government Digital and Data Profession Capability Framework.
 */
export interface StandardRoleNamed {
  family: string;
  name: string;
  /**
   * SOC 2020 unit group, where one is clear.
   */
  soc2020?: string | null;
  [k: string]: unknown;
}
/**
 * A known role is advertised differently; `changed` names the fields.
 */
export interface RoleChangedV1 {
  changed?: string[];
  role: Role;
  [k: string]: unknown;
}
/**
 * A role is no longer open: its closing date passed, or it left all its boards, each of which was read completely.
 */
export interface RoleClosedV1 {
  changed?: string[];
  role: Role;
  [k: string]: unknown;
}
/**
 * A role was found on a board for the first time.
 */
export interface RoleDiscoveredV1 {
  changed?: string[];
  role: Role;
  [k: string]: unknown;
}
/**
 * An open role that is hard to recruit: advertised again, or open beyond the usual time. The id is the role's.
 */
export interface HardRole {
  beyond_usual: boolean;
  boroughs: AuthorityNamed[];
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  links: string[];
  /**
   * RFC 3339, UTC.
   */
  open_since: string;
  readvertises?: string | null;
  revision: number;
  standard_role: string | null;
  status: "hard" | "over";
  title: string;
  /**
   * As it was when the role was found; null where too few had closed.
   */
  usual?: UsualTime | null;
  why: string;
  [k: string]: unknown;
}
/**
 * How long adverts usually stand until they close.
 */
export interface UsualTime {
  /**
   * From how many adverts, the latest that closed.
   */
  adverts: number;
  /**
   * Nine in ten closed within so many days.
   */
  days: number;
  /**
   * Of which standard role; null for all roles.
   */
  of: string | null;
  [k: string]: unknown;
}
/**
 * An open role was advertised again or is open beyond the usual time, or what is said of it changed.
 */
export interface RoleHardToRecruitV1 {
  changed?: string[];
  hard: HardRole;
  [k: string]: unknown;
}
/**
 * A role that was hard to recruit closed, or was not hard after all.
 */
export interface RoleNoLongerHardV1 {
  changed?: string[];
  hard: HardRole;
  [k: string]: unknown;
}
/**
 * A title or standard role that is near. Nearness says how alike the words look; it decides nothing.
 */
export interface Near {
  nearness: number;
  /**
   * The role that bore it; null for a standard role.
   */
  role_id: string | null;
  title: string;
  [k: string]: unknown;
}
/**
 * A role whose kind of work no standard role names and no role found before it. The id is the role's id.
 */
export interface NovelRole {
  boroughs: AuthorityNamed[];
  /**
   * RFC 3339, UTC.
   */
  found_at: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * The words of the title that say what work it is.
   */
  kind: string;
  links: string[];
  nearest_standard_roles?: Near[];
  nearest_titles?: Near[];
  /**
   * Those of them that nobody used before.
   */
  new_words: string[];
  revision: number;
  status: "novel" | "withdrawn";
  title: string;
  /**
   * Why it is unlike the known ones; or why it is not novel after all.
   */
  why: string;
  [k: string]: unknown;
}
/**
 * A role that was said to be novel is not: its title was corrected, or an earlier role turned up.
 */
export interface RoleNoLongerNovelV1 {
  changed?: string[];
  novel: NovelRole;
  [k: string]: unknown;
}
/**
 * A role's kind of work was seen nowhere before, or what is said of it changed.
 */
export interface RoleNovelV1 {
  changed?: string[];
  novel: NovelRole;
  [k: string]: unknown;
}
/**
 * A role was found for the first time that says what a role closed within the last twelve months said; its
 * `readvertises` is the earlier one's id. It is said in the place of discovered.
 */
export interface RoleReadvertisedV1 {
  changed?: string[];
  role: Role;
  [k: string]: unknown;
}
/**
 * How one borough's people fared.
 */
export interface BoroughsShare {
  /**
   * ONS GSS code of a London authority, such as E09000012.
   */
  borough: string;
  mean_score?: number | null;
  paired: number;
  people: number;
  [k: string]: unknown;
}
/**
 * A request without a supporter, why, and what would have come nearest.
 */
export interface NotPaired {
  /**
   * ONS GSS code of a London authority, such as E09000012.
   */
  borough: string;
  /**
   * In words; null: there is nobody at all.
   */
  nearest?: string | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  request_id: string;
  why: string;
  [k: string]: unknown;
}
/**
 * How fairly a round treats people, boroughs and supporters.
 */
export interface RoundFairness {
  boroughs?: BoroughsShare[];
  loads?: SupportersLoad[];
  mean_score?: number | null;
  paired: number;
  people: number;
  /**
   * Who is paired differently because of fairness.
   */
  people_moved?: number;
  /**
   * The best borough's share of people paired less the worst one's.
   */
  spread: number;
  /**
   * The same if fairness did not count.
   */
  spread_without: number;
  total_score: number;
  /**
   * The score of the worst-off pair.
   */
  worst?: number | null;
  /**
   * The same if fairness did not count.
   */
  worst_without?: number | null;
  [k: string]: unknown;
}
/**
 * How many people a supporter is given, of how many places.
 */
export interface SupportersLoad {
  given: number;
  places: number;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  supporter_id: string;
  [k: string]: unknown;
}
/**
 * Two who are brought together, and why.
 */
export interface RoundPair {
  /**
   * ONS GSS code of a London authority, such as E09000012.
   */
  borough: string;
  reasons?: Reason[];
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  request_id: string;
  score: number;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  supporter_id: string;
  /**
   * Staff said that they belong together.
   */
  wanted?: boolean;
  [k: string]: unknown;
}
/**
 * How a round comes out. The id is the round's; it was decided from that revision of it.
 */
export interface RoundResult {
  /**
   * What is different from the result before.
   */
  changes?: string[];
  /**
   * RFC 3339, UTC.
   */
  decided_at: string;
  fairness?: RoundFairness | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  not_paired?: NotPaired[];
  pairs?: RoundPair[];
  /**
   * What would let more people be paired, in words.
   */
  remedies?: string[];
  revision: number;
  round_revision: number;
  /**
   * Supporters who were asked to take part and cannot.
   */
  set_aside?: SetAside[];
  /**
   * Refused: it could not be decided or published; `why` says so.
   */
  status: "proposed" | "published" | "refused" | "cancelled";
  /**
   * What could not be, in words.
   */
  why?: string | null;
  [k: string]: unknown;
}
/**
 * A supporter who takes no part, and why.
 */
export interface SetAside {
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  supporter_id: string;
  why: string;
  [k: string]: unknown;
}
/**
 * A round came out so, or its pairs became matches.
 */
export interface RoundDecidedV1 {
  changed?: string[];
  result: RoundResult;
  [k: string]: unknown;
}
/**
 * A round as LOTI's staff wants it. Each revision is decided anew, until one is published or it is called off.
 */
export interface Round {
  /**
   * Pairs that must not be.
   */
  apart?: Together[];
  /**
   * Who runs it.
   */
  contact_id: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  kind?: "recruiter" | "mentor" | "university" | "training";
  /**
   * Pair nobody who shares no role, family or skill.
   */
  related_only?: boolean;
  /**
   * Who takes part; empty: every open request of the kind.
   */
  request_ids?: string[];
  /**
   * The result that is published, as it was looked at.
   */
  result_revision?: number | null;
  revision: number;
  /**
   * Draws between equals.
   */
  seed?: number;
  /**
   * RFC 3339, UTC.
   */
  stated_at: string;
  /**
   * Published: the pairs of the result that is named become matches.
   */
  status?: "asked" | "published" | "cancelled";
  /**
   * Who takes part; empty: every listed supporter of the kind.
   */
  supporter_ids?: string[];
  title: string;
  /**
   * Pairs that are to be.
   */
  together?: Together[];
  /**
   * Requests and supporters that take no part after all.
   */
  without?: string[];
  [k: string]: unknown;
}
/**
 * A request and a supporter.
 */
export interface Together {
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  request_id: string;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  supporter_id: string;
  [k: string]: unknown;
}
/**
 * Staff asked for a round, adjusted it, published it or called it off.
 */
export interface RoundStatedV1 {
  changed?: string[];
  round: Round;
  [k: string]: unknown;
}
/**
 * A board that stopped being readable at least once. One that always could be read is not spoken of.
 */
export interface SourceState {
  /**
   * When this was found.
   */
  at: string;
  /**
   * Whose board it is.
   */
  authorities?: AuthorityNamed[];
  /**
   * How many polls in a row failed.
   */
  failures: number;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  /**
   * How the board publishes: rss, jsonld, …
   */
  kind: string;
  /**
   * When it was last read completely and believed; null for never.
   */
  last_good_at?: string | null;
  name: string;
  revision: number;
  status: "failing" | "working";
  /**
   * What is wrong, or how it is well again, in words.
   */
  why: string;
  [k: string]: unknown;
}
/**
 * A board failed three times in a row, or was not read completely for a day. Its roles stay as they are.
 */
export interface SourceFailingV1 {
  changed?: string[];
  source: SourceState;
  [k: string]: unknown;
}
/**
 * A board that was failing has been read completely again.
 */
export interface SourceRecoveredV1 {
  changed?: string[];
  source: SourceState;
  [k: string]: unknown;
}
/**
 * What a contact chose. The id is the contact's id.
 *
 * `asked`: somebody stated them and the person has not said yes yet. `withdrawn`: the person unsubscribed from
 * everything. `lapsed`: the yes is older than a year and was not renewed. In all three nothing is sent but what the
 * person takes part in (matches).
 */
export interface Subscriptions {
  /**
   * When this was stated or chosen last.
   */
  chosen_at: string;
  /**
   * When the person last said yes.
   */
  confirmed_at?: string | null;
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  most_a_day?: number | null;
  /**
   * The address is another one than when the person spoke last.
   */
  moved?: boolean;
  /**
   * What a confirmation is about that waits for the person's yes, while it is `asked`.
   */
  question?: string | null;
  quiet_hours?: QuietHours | null;
  /**
   * The last day on which that yes counts.
   */
  renew_by?: string | null;
  revision: number;
  /**
   * When the person itself last said yes or no, or chose; null: never.
   */
  spoke_at?: string | null;
  status: "asked" | "confirmed" | "withdrawn" | "lapsed";
  subscriptions?: Subscription[];
  [k: string]: unknown;
}
/**
 * A contact chose, confirmed, renewed or withdrew, or its yes ran out.
 */
export interface SubscriptionsChangedV1 {
  changed?: string[];
  subscriptions: Subscriptions;
  [k: string]: unknown;
}
/**
 * A span of days on which somebody can help, both ends included.
 */
export interface Available {
  /**
   * How many requests at a time then; null: as at any other time.
   */
  capacity?: number | null;
  /**
   * Null: there already.
   */
  first?: string | null;
  /**
   * Null: until further notice.
   */
  last?: string | null;
  [k: string]: unknown;
}
/**
 * A university department that takes part.
 */
export interface Department {
  name: string;
  /**
   * How many could be placed; null: not said.
   */
  phd_students?: number | null;
  specialisms?: string[];
  [k: string]: unknown;
}
/**
 * Past cases, as the supporter states them: of so many, so many ended well.
 */
export interface Evidence {
  good: number;
  of: number;
  /**
   * Such as: roles filled in 2025.
   */
  what: string;
  [k: string]: unknown;
}
/**
 * What somebody would rather do. Whatever else they could do is still proposed, with less weight.
 */
export interface Preferences {
  boroughs?: string[];
  families?: string[];
  roles?: string[];
  [k: string]: unknown;
}
/**
 * What others say of a training provider: a share of the best that they could have said.
 */
export interface Rating {
  /**
   * Who rates: employers, apprentices, …
   */
  by: string;
  reviews?: number;
  /**
   * 3 of 4 stars are 0.75.
   */
  score: number;
  [k: string]: unknown;
}
/**
 * Somebody who can help, with what, and when. The person's name and address are a contact.
 */
export interface Supporter {
  /**
   * Spans of days; they stand in the place of the two fields below.
   *
   * @maxItems 24
   */
  available?: Available[];
  available_from?: string | null;
  available_until?: string | null;
  /**
   * How many requests at a time.
   */
  capacity?: number;
  /**
   * How to reach them.
   */
  contact_id: string;
  /**
   * Of a university; their specialisms count as skills.
   */
  departments?: Department[];
  evidence?: Evidence[];
  /**
   * Role families they cover.
   */
  families?: string[];
  /**
   * Stable for ever; the Kafka key of its topic.
   */
  id: string;
  kind: "recruiter" | "mentor" | "university" | "training";
  /**
   * Languages they speak, as far as they say.
   */
  languages?: string[];
  /**
   * How senior they are themselves.
   */
  level?: ("trainee" | "associate" | "practitioner" | "senior" | "lead" | "principal" | "head" | "chief") | null;
  /**
   * Boroughs they cannot or will not serve.
   */
  not_for?: string[];
  /**
   * What for; empty: whatever is asked of their kind.
   */
  offers?: ("recruitment" | "mentoring" | "placement" | "secondment" | "training" | "advice")[];
  /**
   * Where they work, if they work for one.
   */
  own_borough?: string | null;
  prefers?: Preferences | null;
  ratings?: Rating[];
  revision: number;
  /**
   * Standard roles they know best.
   */
  roles?: string[];
  skills?: string[];
  /**
   * Apprenticeship standards offered, by name or reference.
   */
  standards?: string[];
  /**
   * When they said so; null: when the event was said. It goes stale.
   */
  stated_at?: string | null;
  status?: "listed" | "withdrawn";
  [k: string]: unknown;
}
/**
 * A supporter was listed, changed or renewed what they offer, or withdrew.
 */
export interface SupporterStatedV1 {
  changed?: string[];
  supporter: Supporter;
  [k: string]: unknown;
}

/** What each type of event carries; null where the message is a tombstone. */
export interface Events {
  "london.loti.answer.stated.v1": AnswerStatedV1;
  "london.loti.benchmark.updated.v1": BenchmarkUpdatedV1;
  "london.loti.consumer.resumed.v1": ConsumerResumedV1;
  "london.loti.consumer.stopped.v1": ConsumerStoppedV1;
  "london.loti.contact.erased.v1": null;
  "london.loti.contact.stated.v1": ContactStatedV1;
  "london.loti.contribution.stated.v1": ContributionStatedV1;
  "london.loti.demand.ended.v1": DemandEndedV1;
  "london.loti.demand.shared.v1": DemandSharedV1;
  "london.loti.draft.changed.v1": DraftChangedV1;
  "london.loti.edition.published.v1": EditionPublishedV1;
  "london.loti.exemplar.found.v1": ExemplarFoundV1;
  "london.loti.exemplar.missing.v1": ExemplarMissingV1;
  "london.loti.library-item.published.v1": LibraryItemPublishedV1;
  "london.loti.library-item.retired.v1": LibraryItemRetiredV1;
  "london.loti.match.answered.v1": MatchAnsweredV1;
  "london.loti.match.follow-up-due.v1": MatchFollowUpDueV1;
  "london.loti.match.introduced.v1": MatchIntroducedV1;
  "london.loti.match.lapsed.v1": MatchLapsedV1;
  "london.loti.match.outcome-recorded.v1": MatchOutcomeRecordedV1;
  "london.loti.match.proposed.v1": MatchProposedV1;
  "london.loti.match.unmatched.v1": MatchUnmatchedV1;
  "london.loti.match.withdrawn.v1": MatchWithdrawnV1;
  "london.loti.message.discarded.v1": MessageDiscardedV1;
  "london.loti.message.parked.v1": MessageParkedV1;
  "london.loti.message.replayed.v1": MessageReplayedV1;
  "london.loti.notification.failed.v1": NotificationFailedV1;
  "london.loti.notification.sent.v1": NotificationSentV1;
  "london.loti.notification.suppressed.v1": NotificationSuppressedV1;
  "london.loti.outcome.stated.v1": OutcomeStatedV1;
  "london.loti.pay-signal.raised.v1": PaySignalRaisedV1;
  "london.loti.replay.asked.v1": ReplayAskedV1;
  "london.loti.request.stated.v1": RequestStatedV1;
  "london.loti.review.stated.v1": ReviewStatedV1;
  "london.loti.role.changed.v1": RoleChangedV1;
  "london.loti.role.closed.v1": RoleClosedV1;
  "london.loti.role.discovered.v1": RoleDiscoveredV1;
  "london.loti.role.hard-to-recruit.v1": RoleHardToRecruitV1;
  "london.loti.role.no-longer-hard.v1": RoleNoLongerHardV1;
  "london.loti.role.no-longer-novel.v1": RoleNoLongerNovelV1;
  "london.loti.role.novel.v1": RoleNovelV1;
  "london.loti.role.readvertised.v1": RoleReadvertisedV1;
  "london.loti.round.decided.v1": RoundDecidedV1;
  "london.loti.round.stated.v1": RoundStatedV1;
  "london.loti.source.failing.v1": SourceFailingV1;
  "london.loti.source.recovered.v1": SourceRecoveredV1;
  "london.loti.subscriptions.changed.v1": SubscriptionsChangedV1;
  "london.loti.subscriptions.erased.v1": null;
  "london.loti.supporter.stated.v1": SupporterStatedV1;
}
