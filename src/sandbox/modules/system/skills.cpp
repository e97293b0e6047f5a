// What members can do: /system/skills and their categories, /system/members/{}/skills.
#include "sandbox/modules/system/skills.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kCategoryFields[] = {
    text("name").is_required().at_most(50),
};

constexpr FieldSpec kSkillFields[] = {
    text("name").is_required().at_most(50),
    reference("category", "skillCategories").is_required(),
};

constexpr FieldSpec kMemberSkillFields[] = {
    reference("skill", "skills").is_required(),
    choice("skillLevel", "Beginner, Intermediate, Advanced, Expert").is_required(),
    boolean("certifiedFlag").or_else(false),
    integer("yearsExperience").between(0, 99),
    text("notes"),
    reference("member", "members").is_read_only(),
};

constexpr ResourceSpec kSkillResources[] = {
    {
        .name = "skillCategories",
        .path = "system/skillCategories",
        .type = "SkillCategory",
        .label = "Skill Category",
        .href = "skillCategory",
        .fields = kCategoryFields,
    },
    {
        .name = "skills",
        .path = "system/skills",
        .type = "Skill",
        .label = "Skill",
        .href = "skill",
        .fields = kSkillFields,
    },
    {
        .name = "memberSkills",
        .path = "system/members/{member}/skills",
        .type = "MemberSkill",
        .label = "Member Skill",
        .href = "memberSkill",
        .fields = kMemberSkillFields,
    },
};

}  // namespace

std::span<const ResourceSpec> skill_resources() {
  return kSkillResources;
}

}  // namespace patchbay::sandbox
