// JSON as a tree, for everything small: arguments, configuration, control data, the sandbox's
// records. Bodies that only pass through are never made into a tree: see shape.h.
//
// Numbers keep the text that they came with. A double would change one in eleven of them by a bit
// (measured on Boost.JSON 1.81), and an id or an amount must leave as it came.
// Objects keep their members' order, and have few of them: look-up is a walk.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace patchbay::json {

class Value;

// A number's token, valid by RFC 8259 section 6 ("12", "-0.50", "1e9").
class Number {
 public:
  explicit Number(std::string token) : token_(std::move(token)) {}
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  explicit Number(T value) : token_(std::to_string(value)) {}
  // Shortest text that reads back the same, with ".0" where it is whole. Not for NaN or infinity.
  explicit Number(double value);
  const std::string& token() const { return token_; }
  bool operator==(const Number&) const = default;

 private:
  std::string token_;
};

using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;

class Object {
 public:
  using iterator = std::vector<Member>::iterator;
  using const_iterator = std::vector<Member>::const_iterator;

  Object() = default;
  Object(std::initializer_list<Member> members);
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  // The member's value; a new null at the end if there is none.
  Value& operator[](std::string_view key);
  bool erase(std::string_view key);  // false: was not there
  // Appends without looking for the key. The caller knows that it is new.
  Value& append(std::string key, Value value);
  void reserve(std::size_t members);
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  std::size_t size() const;
  bool empty() const { return size() == 0; }
  const_iterator begin() const;
  const_iterator end() const;
  iterator begin();
  iterator end();
  bool operator==(const Object&) const;

 private:
  std::vector<Member> members_;
};

class Value {
 public:
  Value() = default;  // null
  Value(std::nullptr_t) {}
  // A template, so that no pointer turns into true.
  template <std::same_as<bool> T>
  Value(T value) : data_(value) {}
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  Value(T value) : data_(Number(value)) {}
  Value(double value) : data_(Number(value)) {}
  Value(Number value) : data_(std::move(value)) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(std::string_view value) : data_(std::string(value)) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(Array value) : data_(std::move(value)) {}
  Value(Object value) : data_(std::move(value)) {}

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_number() const { return std::holds_alternative<Number>(data_); }
  bool is_string() const { return std::holds_alternative<std::string>(data_); }
  bool is_array() const { return std::holds_alternative<Array>(data_); }
  bool is_object() const { return std::holds_alternative<Object>(data_); }

  // The value if it is of that kind, else null.
  const bool* if_bool() const { return std::get_if<bool>(&data_); }
  const Number* if_number() const { return std::get_if<Number>(&data_); }
  const std::string* if_string() const { return std::get_if<std::string>(&data_); }
  const Array* if_array() const { return std::get_if<Array>(&data_); }
  const Object* if_object() const { return std::get_if<Object>(&data_); }
  Array* if_array() { return std::get_if<Array>(&data_); }
  Object* if_object() { return std::get_if<Object>(&data_); }

  // A whole number within 64 bits, also when written "5.0" or "5e0"; else nothing.
  std::optional<std::int64_t> as_int64() const;
  // Any number, rounded to the nearest double. For comparing, never for passing on.
  std::optional<double> as_double() const;

  // Member of an object; null pointer if this is no object or has no such member.
  const Value* find(std::string_view key) const;
  // Shorthands for reading optional members: the fallback where it is absent or of another kind.
  std::string_view string_or(std::string_view key, std::string_view fallback) const;
  std::int64_t int64_or(std::string_view key, std::int64_t fallback) const;
  bool bool_or(std::string_view key, bool fallback) const;

  // Makes a null an object; asserts on any other kind.
  Value& operator[](std::string_view key);
  // Makes a null an array; asserts on any other kind.
  void push_back(Value value);

  // "null", "boolean", "number", "string", "array", "object"
  std::string_view kind() const;

  // Numbers are equal if their tokens are.
  bool operator==(const Value&) const = default;

 private:
  std::variant<std::nullptr_t, bool, Number, std::string, Array, Object> data_ = nullptr;
};

// Here, since a vector's functions ask for the size of what it holds.
inline std::size_t Object::size() const {
  return members_.size();
}
inline Object::const_iterator Object::begin() const {
  return members_.begin();
}
inline Object::const_iterator Object::end() const {
  return members_.end();
}
inline Object::iterator Object::begin() {
  return members_.begin();
}
inline Object::iterator Object::end() {
  return members_.end();
}

}  // namespace patchbay::json
