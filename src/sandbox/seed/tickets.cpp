// Tickets with their notes: more of them the nearer to now, some within the last hour, whatever the
// time of day.
#include <algorithm>
#include <chrono>

#include <fmt/core.h>

#include "json/value.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"
#include "sandbox/seed/stories.h"
#include "sandbox/seed/ticket_notes.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr int kTicketsPerScale = 2100;
constexpr int kInLastHour = 14;
constexpr int kOnLastDay = 30;

constexpr const char* kSites[] = {"headquarters", "the branch office", "the warehouse",
                                  "the downtown office"};
constexpr const char* kApps[] = {"LedgerPro", "DentaTrack", "CargoDesk", "PlanCAD",
                                 "ShopFloor", "CareNotes",  "TillPoint"};

class Tickets {
 public:
  explicit Tickets(SeedContext& context)
      : context_(context),
        db_(context.db),
        random_(context.random("tickets")),
        now_(context.options.now) {}

  void run() {
    const std::vector<Instant> times = creation_times();
    const auto total = static_cast<std::int64_t>(times.size());
    // Newest last. The article's ticket 40592 is among the recent ones.
    const std::int64_t last_id = std::max<std::int64_t>(40'700, total + 6'000);
    const std::int64_t first_id = last_id - total + 1;
    for (std::int64_t i = 0; i < total; ++i) {
      const std::int64_t id = first_id + i;
      const Instant created = times[static_cast<std::size_t>(i)];
      if (id == kFirewallTicket) {
        seed_firewall_story(context_, created);
      } else {
        add(id, created, i);
      }
    }
    seed_slow_server_story(context_, now_ - minutes(12));
  }

 private:
  std::vector<Instant> creation_times() {
    std::vector<Instant> times;
    const int total = kTicketsPerScale * context_.options.scale;
    times.reserve(static_cast<std::size_t>(total));
    for (int i = 0; i < total - kInLastHour - kOnLastDay; ++i) times.push_back(some_day());
    for (int i = 0; i < kOnLastDay; ++i) {
      times.push_back(now_ - minutes(random_.between(62, 24 * 60)));
    }
    // Every four minutes: something is always fresh.
    for (int i = 0; i < kInLastHour; ++i) {
      times.push_back(now_ - minutes(58 - 4 * i) + std::chrono::seconds(random_.below(50)));
    }
    std::ranges::sort(times);
    return times;
  }

  // A past moment of the last year, mostly in office hours (12 to 22 UTC is the day in America).
  Instant some_day() {
    const auto today = std::chrono::floor<days>(now_);
    while (true) {
      // Squared: half of the tickets are younger than three months.
      const double share = random_.unit();
      const auto day = today - days(1 + static_cast<int>(364 * share * share));
      const std::chrono::weekday weekday(day);
      const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
      if (weekend && !random_.chance(20)) continue;
      const int hour = random_.chance(85) ? random_.between(12, 21) : random_.below(24);
      const Instant at =
          day + hours(hour) + minutes(random_.below(60)) + std::chrono::seconds(random_.below(60));
      if (at < now_ - hours(24)) return at;
    }
  }

  const SeededBoard& some_board(bool fresh, std::int64_t index) {
    if (fresh && index % 2 == 0) return context_.board("Triage");
    int at = random_.below(100);
    for (const SeededBoard& board : context_.boards) {
      at -= board.weight;
      if (at < 0) return board;
    }
    return context_.boards.front();
  }

  struct Plan {
    std::int64_t id;
    Instant created;
    const SeededBoard* board;
    const SeededTopic* topic;
    const SeededCompany* company;
    std::int64_t contact;
    std::string user;
    const SeededMember* owner;  // null: nobody yet
    bool closed;
    Instant closed_at;
    Instant updated;
  };

  void add(std::int64_t id, Instant created, std::int64_t index) {
    const bool fresh = created > now_ - hours(1);
    Plan plan{};
    plan.id = id;
    plan.created = created;
    plan.board = &some_board(fresh, index);
    plan.topic = &random_.pick(plan.board->topics);
    plan.company = &random_.pick(context_.companies);
    if (const SeededTopic* past = past_of_slow_server(index)) {
      plan.board = &context_.board("Server Team");
      plan.topic = past;
      plan.company = &context_.company(kSlowServerCompany);
    }
    plan.contact = random_.pick(plan.company->contacts);
    plan.user = contact_name(plan.contact);
    const auto team = context_.team(plan.board->team);
    const bool untouched = fresh || (plan.board->name == "Triage" && random_.chance(30));
    plan.owner = untouched ? nullptr : random_.pick(team);
    decide_closing(plan, fresh);
    write(plan, fill_in(random_.pick(plan.topic->topic->summaries), plan));
    write_notes(plan);
  }

  // Three older tickets of the company whose server is slow today.
  const SeededTopic* past_of_slow_server(std::int64_t index) {
    const std::int64_t total = std::int64_t{kTicketsPerScale} * context_.options.scale;
    const std::int64_t back = total - index;
    if (back != 400 && back != 800 && back != 1300) return nullptr;
    for (const SeededTopic& topic : context_.board("Server Team").topics) {
      if (topic.topic->sub_type == "Performance") return &topic;
    }
    return nullptr;
  }

  void decide_closing(Plan& plan, bool fresh) {
    const auto age = now_ - plan.created;
    const int closed_share = age > days(45) ? 98 : age > days(14) ? 88 : age > days(3) ? 65 : 30;
    plan.updated = plan.created;
    if (fresh || plan.owner == nullptr || !random_.chance(closed_share)) return;
    plan.closed_at = plan.created + minutes(random_.between(20, 60 * 24 * 6));
    plan.closed = plan.closed_at < now_;
  }

  std::string contact_name(std::int64_t id) const {
    const Table& contacts = db_.table("contacts");
    return text_or(db_.read(contacts, *contacts.find(id), "name"), "");
  }

  std::string fill_in(std::string_view pattern, const Plan& plan) {
    std::string filled;
    while (!pattern.empty()) {
      const std::size_t open = pattern.find('{');
      filled += pattern.substr(0, open);
      if (open == std::string_view::npos) break;
      const std::size_t close = pattern.find('}', open);
      filled += value_of(pattern.substr(open + 1, close - open - 1), plan);
      pattern.remove_prefix(close + 1);
    }
    return filled;
  }

  // The same name means the same thing throughout a ticket: it follows from the ticket's id.
  std::string value_of(std::string_view name, const Plan& plan) const {
    Random fixed(static_cast<std::uint64_t>(plan.id), name);
    if (name == "user") return plan.user;
    if (name == "site") return fixed.pick(kSites);
    if (name == "app") return fixed.pick(kApps);
    if (name == "n") return std::to_string(fixed.between(4, 95));
    if (name == "ip") {
      return fmt::format("10.{}.{}.{}", fixed.between(1, 40), fixed.between(0, 20),
                         fixed.between(2, 250));
    }
    const bool server = plan.board->team == "server" || plan.board->name == "Triage";
    return fmt::format("{}-{}{:02}", plan.company->prefix, server ? "SRV" : "WS",
                       fixed.between(1, server ? 12 : 80));
  }

  std::int64_t priority(const Plan& plan) {
    if (plan.board->name == "Emergency Escalations") return 1;
    const int roll = random_.below(100);
    return roll < 3 ? 1 : roll < 18 ? 2 : roll < 75 ? 3 : roll < 95 ? 4 : 5;
  }

  std::int64_t status(const Plan& plan) {
    if (plan.closed) return random_.pick(plan.board->closed_statuses);
    if (plan.owner == nullptr) return plan.board->new_status;
    return random_.pick(plan.board->open_statuses);
  }

  void write(Plan& plan, std::string summary) {
    static constexpr const char* kUrgency[] = {"High", "High", "Medium", "Low", "Low"};
    const std::int64_t level = priority(plan);
    const Table& companies = db_.table("companies");
    const Record& company = *companies.find(plan.company->id);
    Draft draft(db_, "tickets");
    draft.id(plan.id)
        .set("summary", std::move(summary))
        .refer("board", plan.board->id)
        .refer("status", status(plan))
        .refer("company", plan.company->id)
        .refer("site", plan.company->site)
        .set("siteName", "Main")
        .set("addressLine1", companies.at(company, "addressLine1"))
        .set("city", companies.at(company, "city"))
        .set("stateIdentifier", companies.at(company, "state"))
        .set("zip", companies.at(company, "zip"))
        .refer("country", 1)
        .refer("contact", plan.contact)
        .set("contactName", plan.user)
        .refer("type", plan.topic->type)
        .refer("subType", plan.topic->sub_type)
        .refer("item", plan.topic->item)
        .refer("team", plan.board->team_id)
        .refer("priority", level)
        .refer("serviceLocation", plan.board->team == "field" ? 1 : 2)
        .refer("source", plan.board->team == "server" ? 4 : random_.between(1, 3))
        .refer("agreement", plan.company->agreement)
        .set("severity", kUrgency[level - 1])
        .set("impact", kUrgency[random_.below(5)])
        .set("actualHours", 0.0)
        .set("isInSla", random_.chance(93))
        .set("slaStatus", plan.closed ? "Resolved" : "Respond by today")
        .refer("location", 1)
        .refer("department", 1)
        .set("mobileGuid", random_guid(random_))
        .entered(plan.created, "EmailConnector");
    fill_in_contact(draft, plan);
    fill_in_times(draft, plan);
    if (random_.chance(20)) draft.set("budgetHours", random_.between(1, 16) * 0.5);
    if (random_.chance(10)) {
      draft.set("requiredDate",
                std::chrono::floor<days>(plan.created) + days(random_.between(2, 14)));
    }
    if (random_.chance(5)) draft.set("poNumber", fmt::format("PO-{}", random_.between(1000, 9999)));
    if (random_.chance(12)) {
      draft.set("customFields", AnyJson(json::Object{{"12", random_.between(1, 40)}}));
    }
    draft.insert();
  }

  void fill_in_contact(Draft& draft, const Plan& plan) {
    const Table& contacts = db_.table("contacts");
    const auto* items =
        std::get_if<Rows>(&contacts.at(*contacts.find(plan.contact), "communicationItems"));
    for (const Row& item : *items) {
      if (!bool_or(item.cells[4], false)) continue;
      const bool mail = text_or(item.cells[6], "") == "Email";
      draft.set(mail ? "contactEmailAddress" : "contactPhoneNumber", item.cells[2]);
    }
  }

  void fill_in_times(Draft& draft, Plan& plan) {
    draft.set("escalationStartDateUTC", plan.created)
        .set("escalationLevel", std::int64_t{plan.closed ? 15 : 0})
        .set("minutesBeforeWaiting", std::int64_t{0})
        .set("minutesWaiting", std::int64_t{0});
    if (plan.owner == nullptr) return;
    std::string resources = plan.owner->identifier;
    if (random_.chance(15)) {
      const SeededMember* second = random_.pick(context_.team(plan.board->team));
      if (second != plan.owner) resources += ", " + second->identifier;
    }
    const int reaction = random_.between(3, 45);
    const Instant responded = std::min(plan.created + minutes(reaction), now_);
    draft.refer("owner", plan.owner->id)
        .set("resources", resources)
        .set("dateResponded", responded)
        .set("respondMinutes", std::int64_t{reaction})
        .set("respondedHours", 1.0)
        .set("respondedBy", plan.owner->identifier)
        .updated(responded, plan.owner->identifier);
    plan.updated = responded;
    if (!plan.closed) return;
    draft.set("closedDate", plan.closed_at)
        .set("closedBy", plan.owner->identifier)
        .set("dateResolved", plan.closed_at)
        .set("resolvedBy", plan.owner->identifier)
        .set("resolutionHours", 24.0)
        .set("resolveMinutes", std::int64_t{(plan.closed_at - plan.created).count() / 60})
        .updated(plan.closed_at, plan.owner->identifier);
    plan.updated = plan.closed_at;
  }

  void write_notes(const Plan& plan) {
    const Topic& topic = *plan.topic->topic;
    insert_note(db_, plan.id,
                {.text = fill_in(topic.description, plan),
                 .when = plan.created,
                 .description = true,
                 .contact = plan.contact,
                 .author = "EmailConnector"});
    if (plan.owner == nullptr) return;
    const Instant end = plan.closed ? plan.closed_at : std::min(now_, plan.created + days(4));
    const auto span = end - plan.created;
    const auto note_at = [&](int part, int of) { return plan.created + span * part / of; };
    const int steps = static_cast<int>(topic.findings.size()) + 2;
    int step = 1;
    for (const std::string_view finding : topic.findings) {
      insert_note(db_, plan.id,
                  {.text = fill_in(finding, plan),
                   .when = note_at(step++, steps),
                   .internal = true,
                   .member = plan.owner->id,
                   .author = plan.owner->identifier});
    }
    if (random_.chance(45)) {
      insert_note(db_, plan.id,
                  {.text = fmt::format("Hello {}, we are working on this and will come back to "
                                       "you as soon as we know more. Kind regards, {}",
                                       plan.user, plan.owner->name),
                   .when = note_at(1, steps),
                   .description = true,
                   .member = plan.owner->id,
                   .author = plan.owner->identifier});
    }
    if (plan.closed) {
      insert_note(db_, plan.id,
                  {.text = fill_in(topic.resolution, plan),
                   .when = plan.closed_at,
                   .resolution = true,
                   .member = plan.owner->id,
                   .author = plan.owner->identifier});
    }
  }

  SeedContext& context_;
  Database& db_;
  Random random_;
  Instant now_;
};

}  // namespace

void seed_tickets(SeedContext& context) {
  Tickets(context).run();
}

}  // namespace patchbay::sandbox
