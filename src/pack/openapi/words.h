// Names of a document as words: how they are compared, and what they become.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay::openapi {

// "purchaseOrders", "purchase-orders", "PurchaseOrders" → "purchase_orders". Letters and digits of
// ASCII only; empty if there are none, and never beginning with a digit.
std::string snake_name(std::string_view text);
// "purchase_orders" → "purchaseOrders".
std::string camel_name(std::string_view snake);
// As conventions know it, however it is written: "page_size", "$pageSize", "page-size" are one.
std::string plain_name(std::string_view text);
// Six letters that depend on the text only.
std::string short_digest(std::string_view text);
// One line without mark-up's line ends, cut at a sentence or a word within the bytes.
std::string one_line(std::string_view text, std::size_t max_bytes);
// "purchase_orders" → "purchase orders".
std::string spoken(std::string_view snake);
// "a" or "an" before it.
std::string with_article(std::string_view noun);
// `text` with a large first letter.
std::string capitalised(std::string text);

}  // namespace patchbay::openapi
