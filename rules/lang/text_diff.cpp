// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/text_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace levee {
namespace {

constexpr std::size_t kContext = 3;
constexpr int kMostDifferences = 1000;

using Lines = std::vector<std::string_view>;  // each with its newline, if it has one

Lines linesOf(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

/// One step of the way from one text to the other.
enum class Step : char { Keep = ' ', Remove = '-', Add = '+' };

std::vector<Step> replaceAll(std::size_t before, std::size_t after) {
    std::vector<Step> steps(before, Step::Remove);
    steps.insert(steps.end(), after, Step::Add);
    return steps;
}

/// Myers' greedy algorithm: how far one gets on each diagonal with d differences, for d = 0, 1, ...
class ShortestWay {
public:
    ShortestWay(const Lines& a, const Lines& b) : a_(a), b_(b) {}

    std::vector<Step> find() {
        for (int d = 0; d <= kMostDifferences; ++d) {
            if (advance(d))
                return walkBack(d);
        }
        return replaceAll(a_.size(), b_.size());
    }

private:
    /// Diagonal k of `reach` stands at k + d; a row for d has 2 d + 1 entries.
    static int at(const std::vector<int>& reach, int d, int k) {
        return k < -d || k > d ? -1 : reach[static_cast<std::size_t>(k + d)];
    }

    int byRemoving(int d, int k) const {
        const int x = at(rows_[static_cast<std::size_t>(d) - 1], d - 1, k - 1);
        return x < 0 || x + 1 > static_cast<int>(a_.size()) ? -1 : x + 1;
    }

    int byAdding(int d, int k) const {
        const int x = at(rows_[static_cast<std::size_t>(d) - 1], d - 1, k + 1);
        return x < 0 || x - k > static_cast<int>(b_.size()) ? -1 : x;
    }

    int start(int d, int k) const {
        return d == 0 ? 0 : std::max(byRemoving(d, k), byAdding(d, k));
    }

    bool advance(int d) {
        const int n = static_cast<int>(a_.size());
        const int m = static_cast<int>(b_.size());
        std::vector<int> row(static_cast<std::size_t>(2 * d + 1), -1);
        for (int k = -d; k <= d; k += 2) {
            int x = start(d, k);
            if (x < 0)
                continue;
            while (x < n && x - k < m &&
                   a_[static_cast<std::size_t>(x)] == b_[static_cast<std::size_t>(x - k)])
                ++x;
            row[static_cast<std::size_t>(k + d)] = x;
            if (x == n && x - k == m) {
                rows_.push_back(std::move(row));
                return true;
            }
        }
        rows_.push_back(std::move(row));
        return false;
    }

    std::vector<Step> walkBack(int d) const {
        std::vector<Step> steps;
        int x = static_cast<int>(a_.size());
        int y = static_cast<int>(b_.size());
        for (; d > 0; --d) {
            const int k = x - y;
            const bool isAdded = byAdding(d, k) >= byRemoving(d, k);
            const int from = start(d, k);
            steps.insert(steps.end(), static_cast<std::size_t>(x - from), Step::Keep);
            steps.push_back(isAdded ? Step::Add : Step::Remove);
            x = isAdded ? from : from - 1;
            y = isAdded ? from - k - 1 : from - k;
        }
        steps.insert(steps.end(), static_cast<std::size_t>(x), Step::Keep);
        std::reverse(steps.begin(), steps.end());
        return steps;
    }

    const Lines& a_;
    const Lines& b_;
    std::vector<std::vector<int>> rows_;
};

std::vector<Step> wayBetween(const Lines& a, const Lines& b) {
    std::size_t head = 0;
    while (head < a.size() && head < b.size() && a[head] == b[head])
        ++head;
    std::size_t tail = 0;
    while (tail < a.size() - head && tail < b.size() - head &&
           a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    const auto middle = [&](const Lines& all) {
        return Lines(all.begin() + static_cast<std::ptrdiff_t>(head),
                     all.end() - static_cast<std::ptrdiff_t>(tail));
    };
    const Lines inA = middle(a);
    const Lines inB = middle(b);
    std::vector<Step> steps(head, Step::Keep);
    const std::vector<Step> between = ShortestWay(inA, inB).find();
    steps.insert(steps.end(), between.begin(), between.end());
    steps.insert(steps.end(), tail, Step::Keep);
    return steps;
}

/// "12", "12,3"; where there are no lines, the line before.
std::string range(std::size_t first, std::size_t count) {
    if (count == 1)
        return std::to_string(first + 1);
    return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

void writeLine(std::string& out, Step step, std::string_view line) {
    out += static_cast<char>(step);
    out += line;
    if (!line.ends_with('\n'))
        out += "\n\\ No newline at end of file\n";
}

struct Cursor {
    std::size_t a = 0;
    std::size_t b = 0;

    void pass(Step step) {
        a += step != Step::Add ? 1 : 0;
        b += step != Step::Remove ? 1 : 0;
    }
};

/// The end of the hunk that begins with the difference at `i`: past the last difference that is
/// near the one before.
std::size_t lastOf(const std::vector<Step>& steps, std::size_t i) {
    std::size_t end = i;
    for (std::size_t kept = 0; i < steps.size() && kept <= 2 * kContext; ++i) {
        kept = steps[i] == Step::Keep ? kept + 1 : 0;
        if (kept == 0)
            end = i + 1;
    }
    return end;
}

}  // namespace

std::string unifiedDiff(std::string_view before, std::string_view after,
                        const std::string& beforeName, const std::string& afterName) {
    if (before == after)
        return {};
    const Lines a = linesOf(before);
    const Lines b = linesOf(after);
    const std::vector<Step> steps = wayBetween(a, b);
    std::string out = fmt::format("--- {}\n+++ {}\n", beforeName, afterName);
    Cursor cursor;
    for (std::size_t i = 0; i < steps.size();) {
        std::size_t difference = i;
        while (difference < steps.size() && steps[difference] == Step::Keep)
            ++difference;
        if (difference == steps.size())
            break;
        const std::size_t first = difference - std::min(kContext, difference - i);
        const std::size_t last = std::min(steps.size(), lastOf(steps, difference) + kContext);
        for (; i < first; ++i)
            cursor.pass(steps[i]);
        const Cursor from = cursor;
        std::string lines;
        for (; i < last; ++i) {
            writeLine(lines, steps[i], steps[i] == Step::Add ? b[cursor.b] : a[cursor.a]);
            cursor.pass(steps[i]);
        }
        out += fmt::format("@@ -{} +{} @@\n{}", range(from.a, cursor.a - from.a),
                           range(from.b, cursor.b - from.b), lines);
    }
    return out;
}

}  // namespace levee
