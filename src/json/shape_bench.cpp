// Shaping in bytes of input a second, beside what bounds it: copying, simdjson's minify (which also
// copies and drops, but knows nothing of JSON's meaning), simdjson's first stage alone, and its
// parse into a tree (which validates everything and writes nothing).
//
// The input is made up after service tickets as the vendor's API sends them: about 7 KB a record,
// more than half of it nulls, `_info`, links and whole references for a name.
#include <string>

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include "json/parse.h"
#include "json/shape.h"
#include "json/structure.h"
#include "json/write.h"

namespace patchbay::json {
namespace {

constexpr std::string_view kHost = "https://api-na.example.net/v4_6_release/apis/3.0";

class TicketWriter {
 public:
  std::string list(int count) {
    text_ = "[";
    for (int i = 0; i < count; ++i) {
      if (i > 0) text_ += ',';
      ticket(40'000 + i);
    }
    text_ += ']';
    text_.reserve(text_.size() + kPadding);
    return std::move(text_);
  }

 private:
  void raw(std::string_view name, std::string_view value) {
    if (!text_.ends_with('{')) text_ += ',';
    text_ += '"';
    text_ += name;
    text_ += "\":";
    text_ += value;
  }
  void text(std::string_view name, std::string_view value) {
    raw(name, '"' + std::string(value) + '"');
  }
  void link(std::string_view name, std::string_view path) {
    text(name, std::string(kHost) + std::string(path));
  }
  void open(std::string_view name) { raw(name, "{"); }
  void close() { text_ += '}'; }

  void reference(std::string_view name, int id, std::string_view shown, std::string_view path) {
    open(name);
    raw("id", std::to_string(id));
    text("name", shown);
    open("_info");
    link(std::string(name) + "_href", std::string(path) + "/" + std::to_string(id));
    close();
    close();
  }

  void ticket(int id) {
    const std::string number = std::to_string(id);
    const std::string path = "/service/tickets/" + number;
    text_ += '{';
    raw("id", number);
    text("summary", "Server " + number + " does not answer since last night\\u2019s update");
    text("recordType", "ServiceTicket");
    reference("board", id % 12 + 1, "Network Infrastructure", "/service/boards");
    reference("status", id % 90, "In Progress (plan of action)", "/service/boards/3/statuses");
    reference("workRole", 7, "Engineer", "/time/workRoles");
    reference("workType", 9, "Remote", "/time/workTypes");
    reference("company", id % 40 + 250, "Acme Corp and Sons, Incorporated", "/company/companies");
    reference("site", id % 100, "Main Office", "/company/companies/250/sites");
    text("siteName", "Main Office");
    text("addressLine1", "1200 Harbour Street, Building \\\"C\\\"");
    text("city", "Tampa");
    text("stateIdentifier", "FL");
    text("zip", "33601");
    reference("contact", id % 900, "Jordan Miller", "/company/contacts");
    text("contactName", "Jordan Miller");
    text("contactPhoneNumber", "8135550142");
    text("contactEmailAddress", "jordan.miller@acme.example");
    reference("type", 192, "Incident", "/service/boards/3/types");
    reference("subType", 193, "Server", "/service/boards/3/subtypes");
    reference("item", 194, "Unreachable", "/service/boards/3/items");
    reference("team", 21, "Server Team", "/service/boards/3/teams");
    reference("owner", 160, "John Doe", "/system/members");
    reference("priority", 6, "Priority 2 - High", "/service/priorities");
    reference("serviceLocation", 2, "Remote", "/service/locations");
    reference("source", 3, "Monitoring", "/service/sources");
    reference("agreement", 88, "Managed Services - Gold", "/finance/agreements");
    text("requiredDate", "2026-11-23T17:00:00Z");
    for (const char* name :
         {"budgetHours", "actualHours", "estimatedExpenseCost", "estimatedExpenseRevenue",
          "estimatedProductCost", "estimatedTimeCost", "estimatedTimeRevenue"}) {
      raw(name, "12.50");
    }
    for (const char* name :
         {"allowAllClientsPortalView", "customerUpdatedFlag", "automaticEmailContactFlag",
          "automaticEmailResourceFlag", "automaticEmailCcFlag", "closedFlag", "approved", "isInSla",
          "hasChildTicket", "hasMergedChildTicketFlag", "requestForChangeFlag"}) {
      raw(name, "false");
    }
    for (const char* name : {"opportunity",
                             "project",
                             "phase",
                             "wbsCode",
                             "closedDate",
                             "closedBy",
                             "dateResolved",
                             "dateResplan",
                             "dateResponded",
                             "lagDays",
                             "poNumber",
                             "knowledgeBaseCategoryId",
                             "knowledgeBaseSubCategoryId",
                             "knowledgeBaseLinkId",
                             "parentTicketId",
                             "mergedParentTicket",
                             "integratorTags",
                             "externalXRef",
                             "duration",
                             "locationId",
                             "businessUnitId",
                             "addressLine2",
                             "contactPhoneExtension",
                             "country",
                             "automaticEmailCc",
                             "initialInternalAnalysis",
                             "initialResolution",
                             "initialDescriptionFrom",
                             "processNotifications",
                             "skipCallback",
                             "hourlyRate",
                             "subBillingAmount",
                             "subDateAccepted",
                             "dateAccepted"}) {
      raw(name, "null");
    }
    for (const char* name : {"initialDescription", "resolution"}) {
      text(name,
           "The file server at the main office stopped answering at about 02:40. Users report that "
           "mapped drives are missing and that sign-in takes several minutes.\\n\\nWhat was tried: "
           "restarting the switch in rack 2, checking the UPS, pinging the gateway from the "
           "branch. The event log shows \\\"disk 3: timeout\\\" many times before the outage. "
           "Backup "
           "of last night is complete. The customer asks for a call before anything is replaced.");
    }
    text("severity", "Medium");
    text("impact", "High");
    text("billTime", "Billable");
    text("resources", "jdoe, msmith");
    raw("resolveMinutes", "1744");
    text("mobileGuid", "5a1e2f0c-0000-4000-8000-00000000" + number.substr(0, 4));
    raw("customFields",
        R"([{"id":14,"caption":"Root cause","type":"Text","entryMethod":"EntryField",)"
        R"("numberOfDecimals":0,"value":null},{"id":15,"caption":"Asset","type":"Text",)"
        R"("entryMethod":"EntryField","numberOfDecimals":0,"value":"SRV-TPA-014"}])");
    reference("sla", 6, "Gold", "/service/SLAs");
    reference("currency", 7, "US Dollars", "/finance/currencies");
    open("_info");
    text("lastUpdated", "2026-11-22T13:05:41Z");
    text("updatedBy", "jdoe");
    text("dateEntered", "2026-11-21T22:40:03Z");
    text("enteredBy", "monitoring");
    for (const char* name : {"activities", "scheduleentries", "documents", "configurations",
                             "tasks", "notes", "products", "timeentries", "expenseEntries"}) {
      std::string target = path;
      target.append("/").append(name).append("?conditions=ticket/id=").append(number);
      link(std::string(name) + "_href", target);
    }
    close();
    close();
  }

  std::string text_;
};

ShapeRules rules(bool verbose) {
  return {.noise_names = {"mobileGuid", "entryMethod", "numberOfDecimals"},
          .noise_suffixes = {"_href", "_link"},
          .info_name = "_info",
          .info_kept = {"lastUpdated", "dateEntered", "enteredBy"},
          .reference_kept = {"id", "name", "identifier"},
          .verbose = verbose};
}

// What share of the input is left, beside the rate.
void report(benchmark::State& state, std::size_t in, std::size_t out) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * in));
  state.counters["input_bytes"] = static_cast<double>(in);
  state.counters["left"] = static_cast<double>(out) / static_cast<double>(in);
}

std::string tickets(const benchmark::State& state) {
  return TicketWriter().list(static_cast<int>(state.range(0)));
}

void shape(benchmark::State& state, bool verbose) {
  const std::string source = tickets(state);
  const ShapePlan plan(rules(verbose));
  std::string out;
  while (state.KeepRunning()) {
    out.clear();
    if (!shape_list(source, plan, out)) state.SkipWithError("not shaped");
    benchmark::DoNotOptimize(out.data());
  }
  report(state, source.size(), out.size());
}

void shape_list(benchmark::State& state) {
  shape(state, false);
}
BENCHMARK(shape_list)->Arg(1)->Arg(25)->Arg(1000);

void shape_list_verbose(benchmark::State& state) {
  shape(state, true);
}
BENCHMARK(shape_list_verbose)->Arg(25)->Arg(1000);

void simdjson_minify(benchmark::State& state) {
  const std::string source = tickets(state);
  std::string out(source.size() + kPadding, '\0');
  std::size_t size = 0;
  while (state.KeepRunning()) {
    if (simdjson::minify(source.data(), source.size(), out.data(), size)) {
      state.SkipWithError("not minified");
    }
    benchmark::DoNotOptimize(out.data());
  }
  report(state, source.size(), size);
}
BENCHMARK(simdjson_minify)->Arg(25)->Arg(1000);

void simdjson_first_stage(benchmark::State& state) {
  const std::string source = tickets(state);
  Structure structure;
  while (state.KeepRunning()) {
    if (!structure.find(source)) state.SkipWithError("not found");
    benchmark::DoNotOptimize(structure.count());
  }
  report(state, source.size(), 0);
}
BENCHMARK(simdjson_first_stage)->Arg(25)->Arg(1000);

void simdjson_parse(benchmark::State& state) {
  const std::string source = tickets(state);
  simdjson::dom::parser parser;
  while (state.KeepRunning()) {
    simdjson::dom::element root;
    if (parser.parse(source.data(), source.size(), false).get(root)) {
      state.SkipWithError("not parsed");
    }
    benchmark::DoNotOptimize(root);
  }
  report(state, source.size(), 0);
}
BENCHMARK(simdjson_parse)->Arg(25)->Arg(1000);

void copy(benchmark::State& state) {
  const std::string source = tickets(state);
  std::string out(source.size(), '\0');
  while (state.KeepRunning()) {
    std::copy(source.begin(), source.end(), out.begin());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  report(state, source.size(), out.size());
}
BENCHMARK(copy)->Arg(25)->Arg(1000);

// The shaped list, as it is put into the text of a result.
void escape(benchmark::State& state) {
  const std::string source = tickets(state);
  std::string text;
  if (!shape_list(source, ShapePlan(rules(false)), text)) state.SkipWithError("not shaped");
  std::string out;
  while (state.KeepRunning()) {
    out.clear();
    append_escaped(out, text);
    benchmark::DoNotOptimize(out.data());
  }
  report(state, text.size(), out.size());
}
BENCHMARK(escape)->Arg(1)->Arg(25);

// What an MCP client sends: about 130 bytes to a tree, and back.
constexpr std::string_view kEnvelope =
    R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":)"
    R"("get_single_connect_wise_psa_ticket_by_id","arguments":{"id":40592}}})";

void parse_envelope(benchmark::State& state) {
  while (state.KeepRunning()) benchmark::DoNotOptimize(parse(kEnvelope));
  report(state, kEnvelope.size(), 0);
}
BENCHMARK(parse_envelope);

void write_envelope(benchmark::State& state) {
  const Value value = *parse(kEnvelope);
  std::string out;
  while (state.KeepRunning()) {
    out.clear();
    append(out, value);
    benchmark::DoNotOptimize(out.data());
  }
  report(state, kEnvelope.size(), out.size());
}
BENCHMARK(write_envelope);

}  // namespace
}  // namespace patchbay::json
