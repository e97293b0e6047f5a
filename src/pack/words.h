// Every word of the format that is one of several: what it means, and the file that does it. The
// reader takes no other word, docs/authoring-integrations.md names each of them, and tests try
// each: a word that nothing implements does not stand here.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"

namespace patchbay::pack {

template <class Meaning>
struct Word {
  std::string_view text;
  Meaning means;
  std::string_view done_by;
};

template <class Meaning, std::size_t N>
using Words = std::array<Word<Meaning>, N>;

inline constexpr auto kAuthStyles = std::to_array<Word<integration::AuthStyle>>({
    {"none", integration::AuthStyle::none, "upstream/account.cpp"},
    {"basic", integration::AuthStyle::basic, "upstream/account.cpp"},
    {"bearer", integration::AuthStyle::bearer, "upstream/account.cpp"},
    {"header", integration::AuthStyle::header, "upstream/account.cpp"},
    {"oauth2_client_credentials", integration::AuthStyle::oauth2_client_credentials,
     "upstream/sign_in.cpp"},
    {"oauth2_authorization_code", integration::AuthStyle::oauth2_authorization_code,
     "control/connect.cpp"},
});

inline constexpr auto kClientProofs = std::to_array<Word<integration::ClientProof>>({
    {"header", integration::ClientProof::header, "upstream/oauth_client.cpp"},
    {"body", integration::ClientProof::body, "upstream/oauth_client.cpp"},
});

inline constexpr auto kCredentialTypes = std::to_array<Word<std::string_view>>({
    {"text", "text", "admin/views.cpp"},
    {"password", "password", "admin/views.cpp"},
    {"select", "select", "upstream/account.cpp"},
});

inline constexpr auto kPaginationStyles = std::to_array<Word<integration::PaginationStyle>>({
    {"none", integration::PaginationStyle::none, "gateway/sending/pages.cpp"},
    {"page", integration::PaginationStyle::page, "gateway/sending/pages.cpp"},
    {"offset", integration::PaginationStyle::offset, "gateway/sending/pages.cpp"},
    {"cursor", integration::PaginationStyle::cursor, "gateway/sending/pages.cpp"},
    {"link_header", integration::PaginationStyle::link_header, "gateway/sending/pages.cpp"},
});

inline constexpr auto kVerbs = std::to_array<Word<integration::Verb>>({
    {"get", integration::Verb::get, "upstream/sender.cpp"},
    {"post", integration::Verb::post, "upstream/sender.cpp"},
    {"put", integration::Verb::put, "upstream/sender.cpp"},
    {"patch", integration::Verb::patch, "upstream/sender.cpp"},
    {"delete", integration::Verb::delete_, "upstream/sender.cpp"},
});

inline constexpr auto kEncodings = std::to_array<Word<integration::Encoding>>({
    {"json", integration::Encoding::json, "gateway/arguments/bind_body.cpp"},
    {"multipart", integration::Encoding::multipart, "gateway/arguments/upload.cpp"},
});

inline constexpr auto kAnswers = std::to_array<Word<integration::AnswerKind>>({
    {"json", integration::AnswerKind::json, "gateway/answers/record.cpp"},
    {"file", integration::AnswerKind::file, "gateway/answers/download.cpp"},
});

inline constexpr auto kFieldTypes = std::to_array<Word<integration::FieldType>>({
    {"string", integration::FieldType::string, "catalog/argument_schema.cpp"},
    {"integer", integration::FieldType::integer, "catalog/argument_schema.cpp"},
    {"number", integration::FieldType::number, "catalog/argument_schema.cpp"},
    {"boolean", integration::FieldType::boolean, "catalog/argument_schema.cpp"},
    {"date_time", integration::FieldType::date_time, "gateway/arguments/normalise_times.cpp"},
    {"date", integration::FieldType::date, "gateway/arguments/normalise_times.cpp"},
    {"reference", integration::FieldType::reference, "gateway/arguments/bind_body.cpp"},
    {"object", integration::FieldType::object, "catalog/argument_schema.cpp"},
    {"array", integration::FieldType::array, "catalog/argument_schema.cpp"},
});

inline constexpr auto kWrittenAs = std::to_array<Word<integration::WrittenAs>>({
    {"address", integration::WrittenAs::address, "gateway/arguments/written_as.cpp"},
    {"addresses", integration::WrittenAs::addresses, "gateway/arguments/written_as.cpp"},
    {"address_or_number", integration::WrittenAs::address_or_number,
     "gateway/arguments/written_as.cpp"},
});

inline constexpr auto kFilterOperators = std::to_array<Word<integration::FilterOperator>>({
    {"=", integration::FilterOperator::equal, "dialect/connectwise_conditions.cpp"},
    {"!=", integration::FilterOperator::not_equal, "dialect/connectwise_conditions.cpp"},
    {"<", integration::FilterOperator::less, "dialect/connectwise_conditions.cpp"},
    {"<=", integration::FilterOperator::less_or_equal, "dialect/connectwise_conditions.cpp"},
    {">", integration::FilterOperator::greater, "dialect/connectwise_conditions.cpp"},
    {">=", integration::FilterOperator::greater_or_equal, "dialect/connectwise_conditions.cpp"},
    {"contains", integration::FilterOperator::contains, "dialect/connectwise_conditions.cpp"},
    {"not contains", integration::FilterOperator::not_contains,
     "dialect/connectwise_conditions.cpp"},
    {"like", integration::FilterOperator::like, "dialect/connectwise_conditions.cpp"},
    {"in", integration::FilterOperator::in, "dialect/connectwise_conditions.cpp"},
    {"is null", integration::FilterOperator::is_null, "dialect/connectwise_conditions.cpp"},
    {"as email", integration::FilterOperator::as_email, "gateway/names/marks.cpp"},
    {"as phone", integration::FilterOperator::as_phone, "dialect/connectwise_conditions.cpp"},
    {"as domain", integration::FilterOperator::as_domain, "gateway/names/marks.cpp"},
});

inline constexpr auto kWildcards = std::to_array<Word<integration::Wildcards>>({
    {"everywhere", integration::Wildcards::everywhere, "dialect/connectwise_patterns.cpp"},
    {"in_patterns", integration::Wildcards::in_patterns, "dialect/connectwise_patterns.cpp"},
    {"nowhere", integration::Wildcards::nowhere, "dialect/connectwise_patterns.cpp"},
});

// Of a `binding`.
inline constexpr auto kPlaces = std::to_array<Word<integration::ArgumentPlace>>({
    {"path", integration::ArgumentPlace::path, "gateway/names/fill_path.cpp"},
    {"query", integration::ArgumentPlace::query, "gateway/arguments/bind.cpp"},
    {"body", integration::ArgumentPlace::body, "gateway/arguments/bind_body.cpp"},
});

inline constexpr auto kConditionTests = std::to_array<Word<integration::Condition::Test>>({
    {"equal", integration::Condition::Test::equal, "gateway/composites/composite_reduce.cpp"},
    {"shorter_than", integration::Condition::Test::shorter_than,
     "gateway/composites/composite_reduce.cpp"},
    {"from", integration::Condition::Test::from, "gateway/composites/composite_reduce.cpp"},
    {"before", integration::Condition::Test::before, "gateway/composites/composite_reduce.cpp"},
    {"before_field", integration::Condition::Test::before_field,
     "gateway/composites/composite_reduce.cpp"},
    {"one_of", integration::Condition::Test::one_of, "gateway/composites/composite_reduce.cpp"},
});

inline constexpr auto kAggregates = std::to_array<Word<integration::Aggregate::Kind>>({
    {"count", integration::Aggregate::Kind::count, "gateway/composites/composite_reduce.cpp"},
    {"sum", integration::Aggregate::Kind::sum, "gateway/composites/composite_reduce.cpp"},
    {"min", integration::Aggregate::Kind::min, "gateway/composites/composite_reduce.cpp"},
    {"max", integration::Aggregate::Kind::max, "gateway/composites/composite_reduce.cpp"},
    {"age", integration::Aggregate::Kind::age, "gateway/composites/composite_reduce.cpp"},
});

template <class Meaning, std::size_t N>
std::vector<std::string> texts_of(const Words<Meaning, N>& words) {
  std::vector<std::string> out;
  for (const auto& word : words) out.emplace_back(word.text);
  return out;
}

template <class Meaning, std::size_t N>
std::string_view word_of(const Words<Meaning, N>& words, Meaning meaning) {
  for (const auto& word : words) {
    if (word.means == meaning) return word.text;
  }
  return {};
}

// The words of one key.
struct Vocabulary {
  std::string_view key;  // "auth.style"
  std::vector<std::string> words;
};

// All of them, with those that the dialects know.
std::vector<Vocabulary> vocabularies();

}  // namespace patchbay::pack
