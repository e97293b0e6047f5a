#include "integration/naming.h"

#include <doctest/doctest.h>

namespace patchbay::integration {
namespace {

std::string name_of(std::string resource, MethodKind kind, std::string method = "list") {
  Resource described;
  described.name = std::move(resource);
  described.singular = singular(described.name);
  described.label = label_of(described.name);
  Method call;
  call.kind = kind;
  call.name = std::move(method);
  return tool_name("connect_wise_psa", described, call);
}

}  // namespace

TEST_CASE("a method is what it is called, and anything else is one of its own") {
  CHECK(method_kind("list") == MethodKind::list);
  CHECK(method_kind("get") == MethodKind::get);
  CHECK(method_kind("create") == MethodKind::create);
  CHECK(method_kind("update") == MethodKind::update);
  CHECK(method_kind("delete") == MethodKind::delete_);
  CHECK(method_kind("merge") == MethodKind::custom);
  CHECK(method_kind("") == MethodKind::custom);
}

TEST_CASE("the last word is made singular") {
  CHECK(singular("tickets") == "ticket");
  CHECK(singular("ticket_notes") == "ticket_note");
  CHECK(singular("time_entries") == "time_entry");
  CHECK(singular("board_statuses") == "board_status");
  CHECK(singular("companies") == "company");
  CHECK(singular("sales_opportunities") == "sales_opportunity");
  CHECK(singular("expense_types") == "expense_type");
  CHECK(singular("addresses") == "address");
  CHECK(singular("tax_codes") == "tax_code");
  CHECK(singular("taxes") == "tax");
  CHECK(singular("project_phases") == "project_phase");
  CHECK(singular("invoices") == "invoice");
  CHECK(singular("warehouses") == "warehouse");
  CHECK(singular("batches") == "batch");
  CHECK(singular("people") == "person");
  CHECK(singular("status") == "status");
  CHECK(singular("info") == "info");
}

TEST_CASE("tools are named as the reference product names them") {
  CHECK(name_of("tickets", MethodKind::list) == "list_all_connect_wise_psa_tickets");
  CHECK(name_of("tickets", MethodKind::get) == "get_single_connect_wise_psa_ticket_by_id");
  CHECK(name_of("ticket_notes", MethodKind::create) == "create_a_connect_wise_psa_ticket_note");
  CHECK(name_of("tickets", MethodKind::update) == "update_a_connect_wise_psa_ticket_by_id");
  CHECK(name_of("time_entries", MethodKind::delete_) ==
        "delete_a_connect_wise_psa_time_entry_by_id");
  CHECK(name_of("time_sheets", MethodKind::custom, "submit") ==
        "connect_wise_psa_time_sheets_submit");
}

TEST_CASE("long names are cut at a word, and stay unique and stable") {
  const std::string long_name = "agreement_addition_product_category_configuration_associations";
  const std::string a = name_of(long_name, MethodKind::get);
  const std::string b = name_of(long_name + "_x", MethodKind::get);
  CHECK(a.size() <= kMaxToolName);
  CHECK(a.starts_with("get_single_connect_wise_psa_agreement_addition_product_"));
  CHECK(is_snake_name(a));
  CHECK(a != b);
  CHECK(a == name_of(long_name, MethodKind::get));
}

TEST_CASE("short names leave the API out, are cut likewise, and say a suffix where two are alike") {
  Resource resource;
  resource.name = "tickets";
  Method method;
  method.name = "list";
  CHECK(short_tool_name(resource, method) == "tickets_list");
  CHECK(distinct_short_tool_name(resource, method).starts_with("tickets_list_"));
  Resource nested;
  nested.name = "a";
  method.name = "b_c";
  Resource other;
  other.name = "a_b";
  Method last;
  last.name = "c";
  CHECK(short_tool_name(nested, method) == short_tool_name(other, last));
  CHECK(distinct_short_tool_name(nested, method) != distinct_short_tool_name(other, last));
  resource.name = "agreement_addition_product_category_associations";
  const std::string cut = short_tool_name(resource, last);
  CHECK(cut.size() <= kMaxShortToolName);
  CHECK(cut.starts_with("agreement_addition_product_"));
  CHECK(is_snake_name(cut));
  CHECK(cut == short_tool_name(resource, last));
}

TEST_CASE("a method may say its tool's name itself") {
  Resource resource;
  resource.name = "tickets";
  Method method;
  method.tool_name = "desk_merge";
  CHECK(tool_name("desk", resource, method) == "desk_merge");
}

TEST_CASE("titles are for people") {
  Resource resource;
  resource.name = "time_entries";
  resource.singular = "time_entry";
  resource.label = "Time entries";
  Method method;
  method.kind = MethodKind::list;
  CHECK(tool_title(resource, method) == "List time entries");
  method.kind = MethodKind::create;
  CHECK(tool_title(resource, method) == "Create time entry");
  resource.label = "SLAs";
  method.kind = MethodKind::list;
  CHECK(tool_title(resource, method) == "List SLAs");
}

TEST_CASE("names are checked") {
  CHECK(is_snake_name("board_statuses"));
  for (const std::string_view bad : {"", "_a", "a_", "a__b", "A", "a-b", "1a", "a b"}) {
    CHECK_FALSE(is_snake_name(bad));
  }
  CHECK(is_property_name("summaryContains"));
  CHECK_FALSE(is_property_name("customFields[x]"));
  CHECK_FALSE(is_property_name(std::string(65, 'a')));
}

}  // namespace patchbay::integration
