// Ten texts that an MSP gives a meaning of its own, alike on companies and contacts.
#pragma once

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

inline constexpr FieldSpec kUserDefinedFields[] = {
    text("userDefinedField1"),  text("userDefinedField2"), text("userDefinedField3"),
    text("userDefinedField4"),  text("userDefinedField5"), text("userDefinedField6"),
    text("userDefinedField7"),  text("userDefinedField8"), text("userDefinedField9"),
    text("userDefinedField10"),
};

}  // namespace patchbay::sandbox
