// How much each thing counts in a search. Learnt on the half of the requests that is for tuning
// (`search_eval --tune`, bench/eval); the other half is only measured.
#pragma once

#include <array>

namespace patchbay::search {

struct Weights {
  // BM25's own, and what a word counts in each of an entry's texts: its subject and verb, its
  // title, its description, its tags, its arguments, the fields of its records.
  float saturation = 1.2F;
  float length_share = 0.4F;
  std::array<float, 6> fields = {4.0F, 1.5F, 0.57F, 0.8F, 0.3F, 0.15F};

  // Of a word that was said: by a synonym, by another form of it, as a verb, after "of" or "on".
  float synonym = 1.13F;
  float kin = 0.5F;
  float verb = 0.3F;
  float beside = 0.72F;

  // What an entry gains whose whole name was said, that does what is wished for, that has
  // everything that was asked for.
  float share = 1.6F;
  float action = 1.1F;
  float covered = 0.5F;
};

inline constexpr Weights kWeights = {};

}  // namespace patchbay::search
