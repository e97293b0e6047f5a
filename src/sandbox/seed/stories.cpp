#include "sandbox/seed/stories.h"

#include <algorithm>
#include <chrono>

#include "sandbox/seed/ticket_notes.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::minutes;

const SeededTopic& topic_of(const SeededBoard& board, std::string_view sub_type) {
  for (const SeededTopic& topic : board.topics) {
    if (topic.topic->sub_type == sub_type) return topic;
  }
  return board.topics.front();
}

// What both stories' tickets have in common.
Draft ticket(SeedContext& context, std::int64_t id, Instant created, const SeededBoard& board,
             const SeededTopic& topic, const SeededCompany& company) {
  Random random = context.random("stories");
  Draft draft(context.db, "tickets");
  draft.id(id)
      .refer("board", board.id)
      .refer("company", company.id)
      .refer("site", company.site)
      .set("siteName", "Main")
      .refer("country", 1)
      .refer("contact", company.contacts.front())
      .refer("type", topic.type)
      .refer("subType", topic.sub_type)
      .refer("item", topic.item)
      .refer("team", board.team_id)
      .refer("agreement", company.agreement)
      .set("actualHours", 0.0)
      .set("isInSla", true)
      .set("slaStatus", "Respond by today")
      .refer("location", 1)
      .refer("department", 1)
      .set("mobileGuid", random_guid(random))
      .set("escalationStartDateUTC", created)
      .entered(created, "EmailConnector");
  const Table& contacts = context.db.table("contacts");
  const Record& contact = *contacts.find(company.contacts.front());
  draft.set("contactName", context.db.read(contacts, contact, "name"));
  const auto* items = std::get_if<Rows>(&contacts.at(contact, "communicationItems"));
  draft.set("contactEmailAddress", items->front().cells[2]);
  return draft;
}

}  // namespace

void seed_firewall_story(SeedContext& context, Instant created) {
  const SeededBoard& board = context.board("Network Infrastructure");
  const SeededCompany& company = context.company("Acme Corp");
  const SeededMember& first_level = context.member("gkim");
  const SeededMember& engineer = context.member("mreed");
  const Instant now = context.options.now;
  const auto at = [&](int minute) { return std::min(created + minutes(minute), now - minutes(5)); };
  Draft draft =
      ticket(context, kFirewallTicket, created, board, topic_of(board, "Outage"), company);
  draft.set("summary", "Firewall drops VPN tunnel to London office several times a day")
      .refer("status", context.db.table("boardStatuses").find_by("name", "Escalated", board.id)->id)
      .refer("priority", context.id_by_name("priorities", "High"))
      .refer("owner", engineer.id)
      .set("resources", engineer.identifier + ", " + first_level.identifier)
      .set("severity", "High")
      .set("impact", "High")
      .set("dateResponded", at(11))
      .set("respondMinutes", std::int64_t{11})
      .set("respondedBy", first_level.identifier)
      .updated(at(236), engineer.identifier);
  draft.insert();

  struct Step {
    int minute;
    const SeededMember* by;  // null: the client
    bool internal;
    const char* text;
  };
  const Step steps[] = {
      {0, nullptr, false,
       "Since this morning our colleagues in London lose the connection to the file server and to "
       "LedgerPro every hour or so. It comes back after a few minutes. Please have a look, month "
       "end is on Friday."},
      {11, &first_level, true,
       "L1: Called the client. Only the site-to-site tunnel to London is affected, internet in "
       "both "
       "offices is fine. Started a continuous ping to 10.20.0.1, first drop after 24 minutes, "
       "lasting 3 minutes."},
      {34, &first_level, true,
       "L1: Rebooted the London firewall with the client's approval at lunch time. Tunnel came up, "
       "dropped again after 41 minutes. So not a hung process."},
      {82, &first_level, true,
       "L1: Checked the line: carrier reports no errors, no packet loss in 500 pings to the "
       "gateway. Swapped the patch cable between firewall and modem anyway."},
      {127, &first_level, true,
       "L1: Compared phase 1 and phase 2 lifetimes on both sides: London 28800 s, headquarters "
       "86400 s after the firmware update of last week. Set London to 86400 s, no improvement: "
       "drops "
       "still follow a rekey in the log (IKE_SA rekey failed, no proposal chosen)."},
      {149, &first_level, false,
       "We have ruled out the line and the hardware in London. The cause seems to be the "
       "encryption "
       "negotiation after last week's firmware update. I am handing this to our network "
       "engineers."},
      {151, &first_level, true,
       "L1: Escalating to Network Infrastructure. Tried: reboot, cable, line check, lifetimes. "
       "Suspect the firmware 7.4.3 of headquarters. Logs of both firewalls attached."},
      {236, &engineer, true,
       "Confirmed: 7.4.3 proposes AES-GCM first and London's older release rejects it at rekey. "
       "Work-around: fixed proposal AES256-SHA256-DH14 on both sides. Plan: upgrade London in "
       "tonight's window. Firewall logs still to be reviewed for unauthorized access attempts."},
  };
  for (const Step& step : steps) {
    insert_note(context.db, kFirewallTicket,
                {.text = step.text,
                 .when = at(step.minute),
                 .description = !step.internal,
                 .internal = step.internal,
                 .member = step.by == nullptr ? 0 : step.by->id,
                 .contact = step.by == nullptr ? company.contacts.front() : 0,
                 .author = step.by == nullptr ? "EmailConnector" : step.by->identifier});
  }
}

void seed_slow_server_story(SeedContext& context, Instant created) {
  const SeededBoard& board = context.board("Triage");
  const SeededCompany& company = context.company(kSlowServerCompany);
  Draft draft =
      ticket(context, kSlowServerTicket, created, board, topic_of(board, "Alert"), company);
  draft.set("summary", "Server running slow")
      .refer("status", board.new_status)
      .refer("priority", context.id_by_name("priorities", "Medium"))
      .set("severity", "Medium")
      .set("impact", "Medium");
  draft.insert();
  insert_note(context.db, kSlowServerTicket,
              {.text = "Hi team, our main server is very slow again since this morning. Opening a "
                       "file on the share takes half a minute and ShopFloor times out. We had this "
                       "before. Can you look at it soon, production is waiting.",
               .when = created,
               .description = true,
               .contact = company.contacts.front(),
               .author = "EmailConnector"});
}

}  // namespace patchbay::sandbox
