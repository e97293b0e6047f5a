// Definitions of integrations: read again, imported, uploaded, and back to an older version.
#include "definitions/definitions.h"

#include <utility>

#include "admin/actions.h"
#include "admin/definition_views.h"
#include "admin/lists.h"
#include "base/iso8601.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

// The definitions, for who may change them.
Result<definitions::Definitions*> definitions_for(const Context& context,
                                                  const ApiRequest& request) {
  if (!request.principal.environment_id.empty()) {
    return fail(ErrorCode::permission_denied,
                "Only an API token of the whole instance may do that: all environments have an "
                "integration together.");
  }
  if (context.definitions != nullptr) return context.definitions;
  return fail(ErrorCode::unsupported, "The integrations of this server do not change.");
}

std::string name_of(const ApiRequest& request) {
  return std::string(request.parameter("name"));
}

Result<definitions::Wish> wish_of(const ApiRequest& request) {
  const std::string_view preview = request.query_or(kPreview, "false");
  if (preview != "true" && preview != "false") {
    return fail(ErrorCode::invalid_argument, "'preview' must be true or false.");
  }
  return definitions::Wish{.preview = preview == "true", .created_by = request.principal.token_id};
}

Result<json::Value> answer(const Result<definitions::Outcome>& outcome, const ApiRequest& request) {
  if (!outcome) return std::unexpected(outcome.error());
  if (outcome->faults.empty()) return view(*outcome);
  request.faults = *view(outcome->faults).if_array();
  const std::size_t many = outcome->faults.size();
  return fail(ErrorCode::invalid_argument,
              many == 1
                  ? "The definition has a fault; nothing was changed."
                  : "The definition has " + std::to_string(many) + " faults; nothing was changed.",
              "Each is told in 'faults', with its line and how to mend it.");
}

Result<definitions::FileList> files_of(const json::Object& body) {
  const auto refuse = [] {
    return fail(ErrorCode::invalid_argument,
                "'files' must be a list of the definition's files, each with 'path' and 'text'.",
                R"({"files": [{"path": "integration.yaml", "text": "name: acme\\n…"}]})");
  };
  const json::Value* const files = body.find("files");
  const json::Array* const list = files != nullptr ? files->if_array() : nullptr;
  if (list == nullptr || list->empty()) return refuse();
  definitions::FileList found;
  for (const json::Value& file : *list) {
    const json::Value* const path = file.find("path");
    const json::Value* const text = file.find("text");
    const bool sound = path != nullptr && path->is_string() && text != nullptr &&
                       text->is_string() && file.if_object()->size() == 2;
    if (!sound) return refuse();
    found.push_back({*path->if_string(), *text->if_string()});
  }
  return found;
}

}  // namespace

Result<json::Value> reload_integration(Context& context, const ApiRequest& request) {
  const auto definitions = definitions_for(context, request);
  if (!definitions) return std::unexpected(definitions.error());
  const auto read = (*definitions)->reload(name_of(request), "POST /integration/:name/reload");
  if (!read) return std::unexpected(read.error());
  return json::Object{{"has_changed", read->has_changed},
                      {"diff", view(read->difference)},
                      {"faults", view(read->faults)}};
}

Result<json::Value> import_integration(Context& context, const ApiRequest& request) {
  const auto definitions = definitions_for(context, request);
  if (!definitions) return std::unexpected(definitions.error());
  const auto wish = wish_of(request);
  if (!wish) return std::unexpected(wish.error());
  return answer((*definitions)->import_document(name_of(request), request.document, *wish),
                request);
}

Result<json::Value> upload_integration(Context& context, const ApiRequest& request) {
  const auto definitions = definitions_for(context, request);
  if (!definitions) return std::unexpected(definitions.error());
  const auto wish = wish_of(request);
  if (!wish) return std::unexpected(wish.error());
  auto files = files_of(request.body);
  if (!files) return std::unexpected(std::move(files.error()));
  return answer((*definitions)->upload(name_of(request), std::move(*files), *wish), request);
}

Result<json::Value> roll_back_integration(Context& context, const ApiRequest& request) {
  const auto definitions = definitions_for(context, request);
  if (!definitions) return std::unexpected(definitions.error());
  const auto wish = wish_of(request);
  if (!wish) return std::unexpected(wish.error());
  const json::Value* const given = request.body.find("revision");
  const auto revision = given != nullptr ? given->as_int64() : std::nullopt;
  if (!revision || *revision < 1) {
    return fail(ErrorCode::invalid_argument, "'revision' must be the number of a version.",
                "GET /integration/" + name_of(request) + "/revisions lists them.");
  }
  return answer((*definitions)->roll_back(name_of(request), *revision, *wish), request);
}

Result<json::Value> list_revisions(Context& context, const ApiRequest& request) {
  if (context.definitions == nullptr) {
    return fail(ErrorCode::unsupported, "The integrations of this server do not change.");
  }
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  std::int64_t before = store::DefinitionRows::kFromLatest;
  if (page->after) {
    const auto number = parse_int64(page->after->id);
    if (!number) return fail(ErrorCode::invalid_argument, "'next_cursor' is of another list.");
    before = *number;
  }
  const auto rows = context.definitions->revisions(name_of(request), before, page->limit);
  if (!rows) return std::unexpected(rows.error());
  const auto latest =
      context.definitions->revisions(name_of(request), store::DefinitionRows::kFromLatest, 1);
  if (!latest) return std::unexpected(latest.error());
  json::Array result;
  const std::size_t shown = std::min(rows->size(), page->limit - 1);
  for (std::size_t i = 0; i < shown; ++i) {
    const store::DefinitionRow& row = (*rows)[i];
    result.emplace_back(json::Object{{"revision", row.revision},
                                     {"origin", row.origin},
                                     {"created_at", format_utc_millis(row.created_at)},
                                     {"created_by", row.created_by},
                                     {"tools", row.tools},
                                     {"is_current", row.revision == latest->front().revision}});
  }
  json::Value next;
  if (rows->size() > shown) {
    const store::DefinitionRow& last = (*rows)[shown - 1];
    next = cursor_of({last.created_at, std::to_string(last.revision)});
  }
  return json::Object{{"result", std::move(result)}, {"next_cursor", std::move(next)}};
}

}  // namespace patchbay::admin
