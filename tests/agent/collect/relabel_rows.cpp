// SPDX-License-Identifier: Apache-2.0
#include "tests/agent/collect/relabel_rows.h"

namespace levee::test {

std::vector<std::string> relabelRows() {
    return {
        "[]",
        "[{source_labels: [a], regex: 'f(.*)', target_label: d, replacement: 'ch${1}-ch${1}'}]",
        "[{source_labels: [a, b], regex: 'f(.*);(.*)r', target_label: a, replacement: "
        "'b${1}${2}m'}, "
        "{source_labels: [c, a], regex: '(b).*b(.*)ba(.*)', target_label: d, replacement: "
        "'$1$2$2$3'}]",
        "[{source_labels: [a, b], target_label: d}]",
        "[{source_labels: [a, b], separator: '/', target_label: d}]",
        "[{source_labels: [a, b], separator: '', target_label: d}]",
        "[{source_labels: [a], regex: o, target_label: d, replacement: y}]",
        "[{source_labels: [a], regex: 'x|foo', target_label: d, replacement: y}, {source_labels: "
        "[a], "
        "regex: 'f|x', target_label: e, replacement: y}]",
        "[{source_labels: [a], regex: '(?i)FOO', target_label: d, replacement: y}]",
        "[{source_labels: [a], regex: '(f).*', target_label: b, replacement: '$2'}]",
        "[{target_label: c, replacement: ''}]",
        "[{source_labels: [x], regex: '', target_label: d, replacement: none}]",
        "[{target_label: d, replacement: v}]",
        "[{source_labels: [a], regex: 'f(.*)', target_label: 'l_${1}_x', replacement: v}]",
        "[{source_labels: [a], regex: 'f(.*)', target_label: '$1', replacement: v}]",
        "[{source_labels: [a], target_label: '${2}', replacement: v}]",
        "[{source_labels: [a], regex: '(?P<x>f)(o*)', target_label: d, replacement: "
        "'${x}-$x-$xy-$2'}]",
        "[{source_labels: [a], target_label: d, replacement: '$1x|${1}x|$01'}]",
        "[{source_labels: [a], target_label: d, replacement: '$$1 $ ${ ${} $-'}]",
        "[{source_labels: [a], target_label: d, replacement: '$0:$1:$9'}]",
        "[{source_labels: [a], regex: '(f)|(o)', target_label: d, replacement: '<$1$2>'}, "
        "{source_labels: "
        "[a], regex: '(x)?foo', target_label: e, replacement: '<$1>'}]",
        "[{action: keep, source_labels: [a], regex: 'fo+'}]",
        "[{action: keep, source_labels: [a], regex: fo}]",
        "[{action: keep, source_labels: [missing], regex: ''}]",
        "[{action: drop, source_labels: [a, b], regex: 'foo;bar'}]",
        "[{action: drop, source_labels: [a], regex: bar}]",
        "[{source_labels: [a], target_label: d}, {action: keepequal, source_labels: [a], "
        "target_label: d}]",
        "[{action: keepequal, source_labels: [a], target_label: b}]",
        "[{action: dropequal, source_labels: [a], target_label: b}]",
        "[{action: dropequal, source_labels: [x], target_label: y}]",
        "[{action: hashmod, source_labels: [c], modulus: 1000, target_label: d}]",
        "[{action: hashmod, source_labels: [a, b, c], modulus: 65536, target_label: d}, {action: "
        "hashmod, "
        "source_labels: [missing], modulus: 7, target_label: e}]",
        "[{action: labelmap, regex: '(a|b)', replacement: 'my_$1'}]",
        "[{action: labelmap, regex: 'a|b', replacement: x}]",
        "[{target_label: a, replacement: new}, {action: labelmap, regex: 'a|b', replacement: x}]",
        "[{action: labelmap, regex: '(.)', replacement: '${1}_'}]",
        "[{action: labeldrop, regex: 'a|c'}]",
        "[{action: labelkeep, regex: 'a|job|instance|__.*'}]",
        "[{action: uppercase, source_labels: [a, b], target_label: d}]",
        "[{target_label: t, replacement: MiXed}, {action: lowercase, source_labels: [t], "
        "target_label: t}]",
        "[{action: lowercase, source_labels: [x], target_label: a}]",
        "[{action: Replace, source_labels: [a], target_label: d}]",
        "[{target_label: __tmp, replacement: v}, {source_labels: [__tmp, a], target_label: d}]",
        "[{source_labels: [job], target_label: job, replacement: 'new-$1'}]",
        "[{target_label: instance, replacement: i}]",
        "[{action: labeldrop, regex: '[abc]'}]",
    };
}

}  // namespace levee::test
