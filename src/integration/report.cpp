#include "integration/report.h"

namespace patchbay::integration {

namespace {

json::Value texts(const std::vector<std::string>& all) {
  json::Array out;
  for (const auto& text : all) out.emplace_back(text);
  return out;
}

std::vector<std::string> texts_at(const json::Value& from, std::string_view name) {
  std::vector<std::string> out;
  const auto* items = from.find(name);
  if (items == nullptr || !items->is_array()) return out;
  for (const auto& item : *items->if_array()) {
    if (const auto* text = item.if_string()) out.push_back(*text);
  }
  return out;
}

json::Value place(const std::optional<std::size_t>& relation) {
  return relation ? json::Value(*relation) : json::Value();
}
std::optional<std::size_t> place_at(const json::Value& from) {
  const auto at = from.int64_or("relation", -1);
  return at < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(at));
}

template <class Word>
Word word_at(const json::Value& from, std::string_view name) {
  return static_cast<Word>(from.int64_or(name, 0));
}

template <class Each>
void each_at(const json::Value& from, std::string_view name, const Each& each) {
  const auto* items = from.find(name);
  if (items == nullptr || !items->is_array()) return;
  for (const auto& item : *items->if_array()) each(item);
}

json::Value to_json(const ReportDimension& dimension) {
  return json::Object{{"name", dimension.name},
                      {"kind", static_cast<int>(dimension.kind)},
                      {"field", dimension.field},
                      {"relation", place(dimension.relation)}};
}

json::Value to_json(const ReportAmount& amount) {
  json::Array terms;
  for (const auto& term : amount.terms) {
    terms.push_back(json::Object{{"negative", term.negative}, {"factors", texts(term.factors)}});
  }
  json::Object out{{"name", amount.name},
                   {"kind", static_cast<int>(amount.kind)},
                   {"terms", std::move(terms)},
                   {"from", texts(amount.from)},
                   {"to", texts(amount.to)},
                   {"to_now", amount.to_now},
                   {"if_positive", amount.if_positive},
                   {"relation", place(amount.relation)},
                   {"latest", amount.latest},
                   {"when", static_cast<int>(amount.when)}};
  if (amount.only) out.append("only", texts({amount.only->first, amount.only->second}));
  return out;
}

json::Value to_json(const ReportRelation& relation) {
  json::Object with;
  for (const auto& [name, value] : relation.with) with.append(name, value);
  json::Object out{{"name", relation.name},     {"resource", relation.resource},
                   {"method", relation.method}, {"with", std::move(with)},
                   {"on", relation.on},         {"path", relation.path}};
  if (relation.during)
    out.append("during", texts({relation.during->first, relation.during->second}));
  json::Object span;
  for (const auto& [own, of_list] : relation.span) span.append(own, of_list);
  out.append("span", std::move(span));
  return out;
}

ReportDimension read_dimension(const json::Value& from) {
  return {.name = std::string(from.string_or("name", "")),
          .kind = word_at<ReportDimension::Kind>(from, "kind"),
          .field = std::string(from.string_or("field", "")),
          .relation = place_at(from)};
}

ReportAmount read_amount(const json::Value& from) {
  ReportAmount amount{.name = std::string(from.string_or("name", "")),
                      .kind = word_at<ReportAmount::Kind>(from, "kind"),
                      .from = texts_at(from, "from"),
                      .to = texts_at(from, "to"),
                      .to_now = from.bool_or("to_now", false),
                      .if_positive = from.bool_or("if_positive", false),
                      .relation = place_at(from),
                      .latest = from.bool_or("latest", true),
                      .when = word_at<ReportAmount::When>(from, "when")};
  each_at(from, "terms", [&](const json::Value& term) {
    amount.terms.push_back({term.bool_or("negative", false), texts_at(term, "factors")});
  });
  if (const auto only = texts_at(from, "only"); only.size() == 2) amount.only = {only[0], only[1]};
  return amount;
}

ReportRelation read_relation(const json::Value& from) {
  ReportRelation relation{.name = std::string(from.string_or("name", "")),
                          .resource = std::string(from.string_or("resource", "")),
                          .method = std::string(from.string_or("method", "")),
                          .on = std::string(from.string_or("on", "")),
                          .path = std::string(from.string_or("path", ""))};
  if (const auto* with = from.find("with"); with != nullptr && with->is_object()) {
    for (const auto& [name, value] : *with->if_object()) relation.with.emplace_back(name, value);
  }
  if (const auto* span = from.find("span"); span != nullptr && span->is_object()) {
    for (const auto& [name, value] : *span->if_object()) {
      relation.span.emplace_back(name, value.if_string() != nullptr ? *value.if_string() : "");
    }
  }
  const auto during = texts_at(from, "during");
  if (during.size() == 2) relation.during = {during[0], during[1]};
  return relation;
}

}  // namespace

void keep_report(const Report& report, Argument& argument) {
  json::Array dimensions;
  json::Array amounts;
  json::Array relations;
  for (const auto& each : report.dimensions) dimensions.push_back(to_json(each));
  for (const auto& each : report.amounts) amounts.push_back(to_json(each));
  for (const auto& each : report.relations) relations.push_back(to_json(each));
  argument.schema[kReportKeyword] = json::Object{{"most_rows", report.most_rows},
                                                 {"dimensions", std::move(dimensions)},
                                                 {"amounts", std::move(amounts)},
                                                 {"relations", std::move(relations)}};
}

namespace {

const json::Value* kept_report(const Method& method) {
  for (const auto& argument : method.arguments) {
    if (argument.place != ArgumentPlace::platform || argument.name != kGroupBy) continue;
    return argument.schema.find(kReportKeyword);
  }
  return nullptr;
}

}  // namespace

bool has_report(const Method& method) {
  return kept_report(method) != nullptr;
}

std::vector<ReportRelation> report_relations(const Method& method) {
  std::vector<ReportRelation> out;
  if (const auto* kept = kept_report(method)) {
    each_at(*kept, "relations",
            [&](const json::Value& each) { out.push_back(read_relation(each)); });
  }
  return out;
}

std::optional<Report> report_of(const Method& method) {
  const auto* kept = kept_report(method);
  if (kept == nullptr) return std::nullopt;
  Report report{.most_rows = kept->int64_or("most_rows", kMostReportRows)};
  each_at(*kept, "dimensions",
          [&](const json::Value& each) { report.dimensions.push_back(read_dimension(each)); });
  each_at(*kept, "amounts",
          [&](const json::Value& each) { report.amounts.push_back(read_amount(each)); });
  report.relations = report_relations(method);
  return report;
}

}  // namespace patchbay::integration
