#include "sandbox/seed/seed.h"

#include "sandbox/seed/closing_parts.h"
#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {

void seed_database(Database& db, const SeedOptions& options) {
  SeedContext context{db, options, {}, {}, {}};
  seed_setup(context);
  seed_members(context);
  seed_boards(context);
  seed_companies(context);
  seed_opportunities(context);
  seed_tickets(context);
  seed_time_entries(context);
  seed_projects(context);
  seed_trade(context);
  seed_billing(context);
  Random random = context.random("office");
  seed_configurations(context, random);
  seed_schedule(context, random);
  seed_activities(context, random);
  seed_company_notes(context, random);
  seed_ticket_tasks(context);
  seed_knowledge_base(context, random);
  seed_campaigns(context);
  seed_callback(context);
  seed_time_periods(context);
  seed_ending_agreements(context);
  seed_schedule_week(context);
  reject_a_time_sheet(context);
  seed_payment_types(context);
  seed_places(context);
  seed_project_teams(context);
  seed_knowledge_base_categories(context);
  seed_audit_trail(context);
  seed_paperwork(context);
  seed_teams_and_skills(context);
  seed_surveys(context);
  seed_coherence(context);
}

}  // namespace patchbay::sandbox
