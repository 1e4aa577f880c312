// SPDX-License-Identifier: Apache-2.0
// Edits of a rule text document by document. What is not edited stays byte for byte: comments,
// order and spelling are the author's.
//
// A text is cut at the lines that begin with `---`. Comments at the very top, up to the last blank
// line before the first document, and editor modelines belong to the text; every other comment
// belongs to the document between whose separators it stands.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace levee {

/// `baseText` with each document of `editText` in the place of the one of the same kind and
/// metadata.name, or at the end where there is none. Comments at the top of `editText` that belong
/// to the text are not taken over, except into an empty base. Errors (Invalid, with the place): a
/// text that cannot be read, an edited document without kind or name, a name that stands twice. The
/// contents of the documents are not checked; parseRules does that on the result.
Result<std::string> mergeDocuments(std::string_view baseText, std::string_view editText);

/// `baseText` without the document of this metadata.name, whatever its kind. NotFound when there is
/// none, Conflict when there are several.
Result<std::string> removeDocument(std::string_view baseText, std::string_view name);

}  // namespace levee
