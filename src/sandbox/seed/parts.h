// The parts of the seeding, in the order in which they must run: each builds on those before it.
#pragma once

#include "sandbox/seed/context.h"

namespace patchbay::sandbox {

void seed_setup(SeedContext& context);  // lists of every module, as they were set up
void seed_members(SeedContext& context);
void seed_boards(SeedContext& context);
void seed_companies(SeedContext& context);  // with sites, contacts and an agreement
void seed_opportunities(SeedContext& context);
void seed_tickets(SeedContext& context);
void seed_time_entries(SeedContext& context);
void seed_projects(SeedContext& context);
void seed_trade(SeedContext& context);    // catalog, products, orders, purchase orders
void seed_billing(SeedContext& context);  // additions, expenses, invoices, payments

// These draw from one sequence: what each makes depends on those before it.
void seed_configurations(SeedContext& context, Random& random);
void seed_schedule(SeedContext& context, Random& random);
void seed_activities(SeedContext& context, Random& random);
void seed_company_notes(SeedContext& context, Random& random);
void seed_knowledge_base(SeedContext& context, Random& random);

void seed_ticket_tasks(SeedContext& context);
void seed_campaigns(SeedContext& context);
void seed_callback(SeedContext& context);
void seed_time_periods(SeedContext& context);  // and how far time sheets have come

// Appended to what the same tables hold already, so that older ids stay as they are.
void seed_ending_agreements(SeedContext& context);
void seed_schedule_week(SeedContext& context);
void reject_a_time_sheet(SeedContext& context);
void seed_payment_types(SeedContext& context);
void seed_places(SeedContext& context);
void seed_project_teams(SeedContext& context);
void seed_knowledge_base_categories(SeedContext& context);
void seed_audit_trail(SeedContext& context);

void seed_paperwork(SeedContext& context);  // what stands on records beside their sums

}  // namespace patchbay::sandbox
