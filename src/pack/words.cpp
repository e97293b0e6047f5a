#include "pack/words.h"

#include "dialect/conventions.h"
#include "dialect/filter.h"
#include "dialect/update.h"

namespace patchbay::pack {

std::vector<Vocabulary> vocabularies() {
  return {
      {"auth.style", texts_of(kAuthStyles)},
      {"auth.client_in", texts_of(kClientProofs)},
      {"credentials.type", texts_of(kCredentialTypes)},
      {"pagination.style", texts_of(kPaginationStyles)},
      {"verb", texts_of(kVerbs)},
      {"encoding", texts_of(kEncodings)},
      {"answer", texts_of(kAnswers)},
      {"type", texts_of(kFieldTypes)},
      {"written_as", texts_of(kWrittenAs)},
      {"filter", texts_of(kFilterOperators)},
      {"binding.place", texts_of(kPlaces)},
      {"keep", texts_of(kConditionTests)},
      {"values", texts_of(kAggregates)},
      {"dialects.filter", dialect::filter_dialects()},
      {"dialects.wildcards", texts_of(kWildcards)},
      {"dialects.update", dialect::update_dialects()},
      {"dialects.errors", dialect::error_conventions()},
  };
}

}  // namespace patchbay::pack
