// Articles of the knowledge base and their categories.
#include <chrono>

#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

using std::chrono::days;

class Articles {
 public:
  explicit Articles(SeedContext& context, Random& random)
      : context_(context), db_(context.db), random_(random), now_(context.options.now) {}

  void run() { add_articles(); }

 private:
  void add_articles() {
    struct Article {
      const char* title;
      const char* issue;
      const char* resolution;
    };
    static constexpr Article kArticles[] = {
        {"VPN client does not connect", "The client stops at 'verifying credentials'.",
         "Renew the user's certificate and restart the service."},
        {"Printer shows offline", "The queue shows offline though the device answers.",
         "Turn off SNMP status on the port and restart the spooler."},
        {"Mailbox is full", "Users cannot send; the quota is used up.",
         "Enable the archive mailbox and start the managed folder assistant."},
        {"Account locked again and again", "The account locks a few minutes after an unlock.",
         "Look for a saved password on phones and mapped drives; clear the credential store."},
        {"Backup job fails with snapshot error", "The job ends with a snapshot error at night.",
         "Restart the writers and check free space on the volume."},
        {"New starter checklist", "What to prepare for a new employee.",
         "Account, licences, device, groups, welcome mail; see the onboarding template."}};
    for (const Article& article : kArticles) {
      const Instant when = now_ - days(random_.between(30, 700));
      Draft(db_, "knowledgeBaseArticles")
          .set("title", article.title)
          .set("issue", article.issue)
          .set("resolution", article.resolution)
          .refer("board", context_.boards.front().id)
          .set("locationId", std::int64_t{1})
          .set("businessUnitId", std::int64_t{1})
          .set("dateCreated", when)
          .set("createdBy", "ejohansson")
          .entered(when, "ejohansson")
          .insert();
    }
  }

  SeedContext& context_;
  Database& db_;
  Random& random_;
  Instant now_;
};

class Categories {
 public:
  explicit Categories(SeedContext& context) : context_(context), now_(context.options.now) {}

  void run() { add_categories(); }

 private:
  void add_categories() {
    for (const char* name : {"Accounts", "Network", "Printing", "Backup", "Onboarding"}) {
      context_.setup("knowledgeBaseCategories", name)
          .refer("location", 1)
          .refer("department", 1)
          .refer("approver", context_.member("ejohansson").id)
          .insert();
    }
  }

  SeedContext& context_;
  Instant now_;
};

}  // namespace

void seed_knowledge_base(SeedContext& context, Random& random) {
  Articles(context, random).run();
}

void seed_knowledge_base_categories(SeedContext& context) {
  Categories(context).run();
}

}  // namespace patchbay::sandbox
