// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace levee {

/// A vector whose copies share their rows, until one is edited. To copy it costs nothing, however
/// many rows there are. As thread-safe as a shared_ptr.
template <typename T>
class SharedRows {
public:
    using value_type = T;
    using const_iterator = typename std::vector<T>::const_iterator;
    using iterator = const_iterator;

    SharedRows() = default;
    SharedRows(std::vector<T> rows) : rows_(std::make_shared<std::vector<T>>(std::move(rows))) {}

    operator const std::vector<T>&() const { return get(); }
    const_iterator begin() const { return get().begin(); }
    const_iterator end() const { return get().end(); }
    std::size_t size() const { return get().size(); }
    bool empty() const { return get().empty(); }
    const T& operator[](std::size_t index) const { return get()[index]; }
    const T& at(std::size_t index) const { return get().at(index); }
    const T& front() const { return get().front(); }
    const T& back() const { return get().back(); }

    /// For changes; copies the rows when somebody shares them.
    std::vector<T>& edit() {
        if (!rows_)
            rows_ = std::make_shared<std::vector<T>>();
        else if (rows_.use_count() > 1)
            rows_ = std::make_shared<std::vector<T>>(*rows_);
        return *rows_;
    }
    void push_back(T row) { edit().push_back(std::move(row)); }

private:
    const std::vector<T>& get() const {
        static const std::vector<T> kNone;
        return rows_ ? *rows_ : kNone;
    }
    std::shared_ptr<std::vector<T>> rows_;
};

}  // namespace levee
