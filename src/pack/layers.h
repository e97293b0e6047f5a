// A hand-written pack laid over an imported one of the same name: what is written by hand wins,
// field by field, and what the vendor's document has beyond that is there as well.
//
// What an operation is called may differ in the two; what it asks for does not. So operations are
// the same by verb and path: one that a hand-written method asks for is not imported a second time.
// A resource at the same path is the same resource, whatever either calls it: it has the fields and
// methods of both. A field that only the document has may be asked for, compared and, where the
// document says so, written; it is not listed. Who refers to records looks them up where they are
// listed by hand. Of integration.yaml a key of the hand-written one wins as a whole, but for
// `references`, `enums` and `expressions`, where each name does. A resource of the same name at
// another path is called by the part of its path before it as well.
#pragma once

#include <vector>

#include "pack/loader.h"

namespace patchbay::pack {

// A file that is no YAML stays as it is, and is told when they are loaded. The paths are those of
// `over`.
std::vector<ParsedFile> lay_over(std::vector<ParsedFile> over, std::vector<ParsedFile> under);

}  // namespace patchbay::pack
