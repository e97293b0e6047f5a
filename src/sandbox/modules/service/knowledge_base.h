// The knowledge base: /service/knowledgeBaseArticles and their categories.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> knowledge_base_resources();

}  // namespace patchbay::sandbox
