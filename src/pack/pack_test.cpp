// The pack that is shipped: what it promises to everyone who has a server from it.
#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "base/text.h"
#include "catalog/listing.h"
#include "catalog/tool.h"
#include "integration/naming.h"
#include "json/parse.h"
#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

std::string told(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) {
    out += problem.file + ":" + std::to_string(problem.line) + ": " + problem.message + " (" +
           problem.fix + ")\n";
  }
  return out;
}

std::shared_ptr<const catalog::ToolCatalog> generate(const std::vector<PackFile>& files) {
  const LoadOutcome outcome = load_pack(files);
  REQUIRE_MESSAGE(outcome.integration != nullptr, told(outcome.problems));
  auto catalog = catalog::ToolCatalog::generate(outcome.integration);
  REQUIRE_MESSAGE(catalog.has_value(), (catalog ? "" : catalog.error().message));
  return *catalog;
}

const std::shared_ptr<const catalog::ToolCatalog>& shipped() {
  static const auto kCatalog = generate(embedded_pack("connectwise_psa"));
  return kCatalog;
}

std::string listing_of(const std::shared_ptr<const catalog::ToolCatalog>& catalog,
                       const catalog::ToolFilter& filter = {}) {
  const auto toolset = catalog::Toolset::select(catalog, filter);
  REQUIRE(toolset.has_value());
  return *(*toolset)->listing();
}

const integration::Argument* find_argument(const catalog::Tool& tool, std::string_view name) {
  const auto& arguments = tool.method->arguments;
  const auto found = std::ranges::find(arguments, name, &integration::Argument::name);
  return found == arguments.end() ? nullptr : &*found;
}

const catalog::Tool& tool(std::string_view name) {
  const catalog::Tool* found = shipped()->find(name);
  REQUIRE_MESSAGE(found != nullptr, name);
  return *found;
}

}  // namespace

TEST_CASE("the shipped packs have neither problems nor warnings") {
  for (const std::string& name : embedded_packs()) {
    CAPTURE(name);
    const LoadOutcome outcome = lint_pack(embedded_pack(name));
    CHECK_MESSAGE(outcome.problems.empty(), told(outcome.problems));
    CHECK(outcome.integration != nullptr);
  }
}

TEST_CASE("the embedded pack is the one in the source tree") {
  const auto files = read_pack(PATCHBAY_SOURCE_DIR "/integrations/connectwise_psa");
  REQUIRE(files.has_value());
  const auto embedded = embedded_pack("connectwise_psa");
  REQUIRE(files->size() == embedded.size());
  for (std::size_t i = 0; i < embedded.size(); ++i) {
    CHECK((*files)[i].path == embedded[i].path);
    CHECK((*files)[i].text == embedded[i].text);
  }
  CHECK(embedded_packs() == std::vector<std::string>{"connectwise_psa", "halopsa"});
  CHECK(embedded_pack("no_such_pack").empty());
}

TEST_CASE("every tool is fit for every client") {
  std::set<std::string> names;
  std::size_t bytes = 0;
  for (const auto& each : shipped()->tools()) {
    CAPTURE(each->name);
    CHECK(integration::is_snake_name(each->name));
    CHECK(each->name.size() <= integration::kMaxToolName);
    CHECK(names.insert(each->name).second);
    CHECK_FALSE(each->title.empty());
    CHECK(each->description.size() >= 40);
    CHECK(each->description.size() < 1'024);
    CHECK(each->input_schema().string_or("type", "") == "object");
    CHECK_FALSE(each->input_schema().bool_or("additionalProperties", true));
    const std::string text = json::to_string(each->input_schema());
    for (const std::string_view refused : {"\"$ref\"", "\"$schema\"", "\"$defs\"", "\"anyOf\"",
                                           "\"oneOf\"", "\"allOf\"", "\"type\":["}) {
      CHECK_MESSAGE(text.find(refused) == std::string::npos, refused);
    }
    const json::Value listed = each->input_schema();
    for (const auto& [name, schema] : *listed.find("properties")->if_object()) {
      CAPTURE(name);
      CHECK(integration::is_property_name(name));
      CHECK(schema.find("type")->is_string());
      if (schema.string_or("type", "") == "array") CHECK(schema.find("items") != nullptr);
    }
    bytes += catalog::listing_bytes(*each);
  }
  // Four bytes are about a token: 220 tokens a tool.
  CHECK_MESSAGE(bytes / 4 / names.size() <= 220, (bytes / 4));
}

// Four bytes are about a token. A server is scoped so that its listing leaves room for the work.
TEST_CASE("what a server of each tag costs in tokens") {
  std::map<std::string, std::size_t> tools;
  for (const auto& each : shipped()->tools()) {
    for (const std::string& tag : each->tags) ++tools[tag];
  }
  for (const std::string_view tag :
       {"tickets", "support", "dispatch", "time", "billing", "finance", "sales", "crm", "projects",
        "assets", "procurement", "expenses", "directory", "system", "destructive", "outbound",
        "desk"}) {
    const std::string name(tag);
    const std::size_t tokens = listing_of(shipped(), {{}, {name}}).size() / 4;
    MESSAGE(name << ": " << tools[name] << " tools, about " << tokens << " tokens");
    CHECK(tools[name] > 0);
    CHECK(tokens < 22'000);
    tools.erase(name);
  }
  for (const auto& entry : tools) FAIL_CHECK(entry.first << " is no tag of the pack");
}

TEST_CASE("a listing is JSON with all four hints") {
  const auto listing = json::parse(listing_of(shipped()));
  REQUIRE(listing.has_value());
  REQUIRE(listing->if_array()->size() == shipped()->tools().size());
  for (const json::Value& each : *listing->if_array()) {
    CAPTURE(each.string_or("name", ""));
    const json::Value* hints = each.find("annotations");
    REQUIRE(hints != nullptr);
    for (const std::string_view hint :
         {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}) {
      REQUIRE(hints->find(hint) != nullptr);
      CHECK(hints->find(hint)->is_bool());
    }
    const integration::Method& method = *tool(each.string_or("name", "")).method;
    const bool reads = method.verb == integration::Verb::get;
    CHECK(hints->bool_or("readOnlyHint", !reads) == reads);
    const bool standard = method.kind != integration::MethodKind::custom;
    const bool destroys = method.kind == integration::MethodKind::update ||
                          method.kind == integration::MethodKind::delete_;
    if (standard || reads) CHECK(hints->bool_or("destructiveHint", !destroys) == destroys);
    if (standard) {
      CHECK(hints->bool_or("idempotentHint", false) ==
            (method.kind != integration::MethodKind::create));
    }
    // What cannot be undone carries the tag by which servers leave it out.
    const auto& tags = tool(each.string_or("name", "")).tags;
    const bool tagged = std::ranges::find(tags, "destructive") != tags.end();
    CHECK(tagged == (method.kind == integration::MethodKind::delete_ ||
                     (!standard && hints->bool_or("destructiveHint", false))));
    // What has the API send records away by itself carries the tag that confirm_writes asks for.
    const bool sends_out = tool(each.string_or("name", "")).resource->name == "callbacks" &&
                           (method.kind == integration::MethodKind::create ||
                            method.kind == integration::MethodKind::update);
    CHECK(sends_out == (std::ranges::find(tags, "outbound") != tags.end()));
  }
}

// Whoever adds an argument that mails, notifies or calls out, has to say so.
TEST_CASE("each argument that has something sent out says so, in every method that takes it") {
  // By what it is called; and what is called so and sends nothing.
  const auto is_called_so = [](std::string_view name) {
    const std::string lower = to_lower(name);
    for (const char* word : {"mail", "notif", "callback", "webhook", "publish", "remit", "sms"}) {
      if (lower.contains(word)) return true;
    }
    return name.ends_with("Cc") || name.ends_with("CcFlag") || lower == "url";
  };
  const std::set<std::string> harmless = {"emailsSent"};  // a number in a campaign's statistics
  std::set<std::string> found;
  for (const auto& each : shipped()->tools()) {
    for (const integration::Argument& argument : each->method->arguments) {
      CAPTURE(each->name);
      CAPTURE(argument.name);
      const bool sends = argument.outbound;
      const bool written = argument.place == integration::ArgumentPlace::body;
      if (sends) CHECK(written);
      if (written && is_called_so(argument.name) && !harmless.contains(argument.name)) {
        CHECK(sends);
      }
      if (sends)
        found.insert(each->resource->name + "." + each->method->name + " " + argument.name);
    }
  }
  for (const char* known : {"tickets.create automaticEmailCc",
                            "tickets.create automaticEmailCcFlag",
                            "tickets.create processNotifications",
                            "tickets.update automaticEmailCc",
                            "tickets.update automaticEmailCcFlag",
                            "ticket_notes.create processNotifications",
                            "ticket_notes.create detailDescriptionFlag",
                            "ticket_notes.update detailDescriptionFlag",
                            "project_ticket_notes.create processNotifications",
                            "project_ticket_notes.create detailDescriptionFlag",
                            "time_entries.create emailCc",
                            "time_entries.create emailCcFlag",
                            "time_entries.create emailContactFlag",
                            "time_entries.create emailResourceFlag",
                            "time_entries.create addToDetailDescriptionFlag",
                            "activities.create notifyFlag",
                            "contact_communications.create value",
                            "contact_communications.create defaultFlag",
                            "contact_communications.update value",
                            "contact_communications.update defaultFlag",
                            "contacts.update defaultFlag",
                            "companies.update defaultContact",
                            "agreements.update billToCompany",
                            "orders.update billToCompany",
                            "orders.update status",
                            "purchase_orders.update status",
                            "callbacks.create url",
                            "callbacks.update url"}) {
    CHECK_MESSAGE(found.contains(known), known);
  }
}

TEST_CASE("the listing does not depend on the order of the files") {
  auto files = embedded_pack("connectwise_psa");
  const std::string expected = listing_of(shipped());
  for (int round = 0; round < 8; ++round) {
    std::ranges::rotate(files, files.begin() + 5);
    if (round % 2 == 1) std::ranges::reverse(files);
    CHECK(listing_of(generate(files)) == expected);
  }
}

TEST_CASE("the support tag keeps time, finance and sales out") {
  const auto toolset = catalog::Toolset::select(shipped(), {{}, {"support"}});
  REQUIRE(toolset.has_value());
  CHECK((*toolset)->find("list_all_connect_wise_psa_tickets") != nullptr);
  CHECK((*toolset)->find("list_all_connect_wise_psa_board_statuses") != nullptr);
  for (const catalog::Tool* each : (*toolset)->tools()) {
    for (const std::string_view tag : {"billing", "finance", "sales", "time"}) {
      CHECK(std::ranges::find(each->tags, tag) == each->tags.end());
    }
  }
}

TEST_CASE("the arguments of the article's calls are accepted") {
  const auto accepts = [](std::string_view name, std::string_view arguments) {
    const auto violations = tool(name).validator->check(*json::parse(arguments));
    for (const auto& violation : violations) MESSAGE(violation.path << " " << violation.message);
    return violations.empty();
  };
  CHECK(accepts("list_all_connect_wise_psa_tickets", R"({"board":"Triage"})"));
  CHECK(accepts("list_all_connect_wise_psa_tickets",
                R"({"companyId":123,"summaryContains":"server"})"));
  CHECK(accepts("update_a_connect_wise_psa_ticket_by_id",
                R"({"id":5012,"board":"Server Team","priority":"High"})"));
  CHECK(accepts("create_a_connect_wise_psa_ticket_note",
                R"({"ticketId":5012,"text":"Found 3 similar","internalAnalysisFlag":true})"));
}

TEST_CASE(
    "a reference is shown as a text, and takes an id; null is no value, and clear names fields") {
  const catalog::Tool& update = tool("update_a_connect_wise_psa_ticket_by_id");
  CHECK(update.validator->check(*json::parse(R"({"id":1,"owner":7,"clear":["item"]})")).empty());
  CHECK_FALSE(update.validator->check(*json::parse(R"({"id":1,"clear":["summary"]})")).empty());
  CHECK_FALSE(update.validator->check(*json::parse(R"({"id":1,"owner":null})")).empty());
  CHECK_FALSE(update.validator->check(*json::parse(R"({"id":null})")).empty());
  const catalog::Tool& create = tool("create_a_connect_wise_psa_ticket");
  CHECK_FALSE(create.validator->check(*json::parse(R"({"summary":"x","company":null})")).empty());
}

TEST_CASE("references know their resource, their scope and the tool that lists them") {
  const integration::Argument* status =
      find_argument(tool("create_a_connect_wise_psa_ticket"), "status");
  REQUIRE(status != nullptr);
  REQUIRE(status->reference.has_value());
  CHECK(status->reference->resource == "board_statuses");
  REQUIRE(status->reference->scopes.size() == 1);
  CHECK(status->reference->scopes[0].parameter == "boardId");
  CHECK(status->reference->scopes[0].argument == "board");
  CHECK(status->reference->list_tool == "list_all_connect_wise_psa_board_statuses");

  const integration::Argument* board =
      find_argument(tool("list_all_connect_wise_psa_board_types"), "boardId");
  REQUIRE(board != nullptr);
  CHECK(board->place == integration::ArgumentPlace::path);
  CHECK(board->reference->resource == "boards");

  const integration::Argument* rep =
      find_argument(tool("list_all_connect_wise_psa_sales_opportunities"), "primarySalesRep");
  REQUIRE(rep != nullptr);
  CHECK(rep->target == "primarySalesRep");
  CHECK(rep->reference->match == std::vector<std::string>{"identifier", "firstName lastName"});
}

TEST_CASE("filters carry field, operator and what they set beside it") {
  const catalog::Tool& time = tool("list_all_connect_wise_psa_time_entries");
  const integration::Argument* ticket = find_argument(time, "ticketId");
  REQUIRE(ticket != nullptr);
  CHECK(ticket->target == "chargeToId");
  CHECK(json::to_string(ticket->also.at("chargeToType")) == R"(["ServiceTicket","ProjectTicket"])");
  const integration::Argument* after = find_argument(time, "startAfter");
  REQUIRE(after != nullptr);
  CHECK(after->filter_operator == integration::FilterOperator::greater_or_equal);
  CHECK(after->type == integration::FieldType::date_time);
  const integration::Argument* open =
      find_argument(tool("list_all_connect_wise_psa_sales_opportunities"), "open");
  REQUIRE(open != nullptr);
  CHECK(open->filter_operator == integration::FilterOperator::is_null);
  CHECK(open->type == integration::FieldType::boolean);
  // What overlaps a span of the calendar began before its end and ends after its start.
  const integration::Argument* ends =
      find_argument(tool("list_all_connect_wise_psa_schedule_entries"), "endAfter");
  REQUIRE(ends != nullptr);
  CHECK(ends->target == "dateEnd");
  CHECK(ends->filter_operator == integration::FilterOperator::greater);
  const integration::Argument* part =
      find_argument(tool("list_all_connect_wise_psa_members"), "lastNameContains");
  REQUIRE(part != nullptr);
  CHECK(part->filter_operator == integration::FilterOperator::contains);
}

// A conversion without a body is answered with a problem that says nothing.
TEST_CASE("what an opportunity is converted to needs something to begin with") {
  const std::string conversion = "connect_wise_psa_opportunities_convert_to_";
  for (const auto& [to, argument] : {std::pair<std::string, std::string>{"project", "board"},
                                     {"order", "includeAllProductsFlag"},
                                     {"ticket", "summary"},
                                     {"agreement", "type"}}) {
    CAPTURE(to);
    const integration::Argument* needed = find_argument(tool(conversion + to), argument);
    REQUIRE(needed != nullptr);
    CHECK(needed->required);
  }
}

}  // namespace patchbay::pack
