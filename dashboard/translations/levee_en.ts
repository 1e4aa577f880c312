<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AlertWords</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message numerus="yes">
        <source>%n instances</source>
        <translation>
            <numerusform>%n instance</numerusform>
            <numerusform>%n instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%n service(s)</source>
        <translation>
            <numerusform>+%n service</numerusform>
            <numerusform>+%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectionText</name>
    <message numerus="yes">
        <source>%n agent(s): %1</source>
        <translation>
            <numerusform>%n agent: %1</numerusform>
            <numerusform>%n agents: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DiffText</name>
    <message numerus="yes">
        <source>%n line(s) new</source>
        <translation>
            <numerusform>%n line new</numerusform>
            <numerusform>%n lines new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) gone</source>
        <translation>
            <numerusform>%n line gone</numerusform>
            <numerusform>%n lines gone</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FactText</name>
    <message numerus="yes">
        <source>and %n more guard(s)</source>
        <translation>
            <numerusform>and %n more guard</numerusform>
            <numerusform>and %n more guards</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SceneText</name>
    <message numerus="yes">
        <source>%n edge(s)</source>
        <translation>
            <numerusform>%n edge</numerusform>
            <numerusform>%n edges</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n shown</source>
        <translation>
            <numerusform>%n shown</numerusform>
            <numerusform>%n shown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n group(s)</source>
        <translation>
            <numerusform>%1 in %n group</numerusform>
            <numerusform>%1 in %n groups</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not drawn</source>
        <translation>
            <numerusform>%n not drawn</numerusform>
            <numerusform>%n not drawn</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edge(s) to groups not drawn</source>
        <translation>
            <numerusform>%n edge to groups not drawn</numerusform>
            <numerusform>%n edges to groups not drawn</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hidden</source>
        <translation>
            <numerusform>%n hidden</numerusform>
            <numerusform>%n hidden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n hop(s) around it (+ − change, Esc leaves)</source>
        <translation>
            <numerusform>%1 and %n hop around it (+ − change, Esc leaves)</numerusform>
            <numerusform>%1 and %n hops around it (+ − change, Esc leaves)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShadowText</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 on %n host(s)</source>
        <translation>
            <numerusform>%1 on %n host</numerusform>
            <numerusform>%1 on %n hosts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::CellDelegate</name>
    <message numerus="yes">
        <source>behind by %n</source>
        <translation>
            <numerusform>behind by %n</numerusform>
            <numerusform>behind by %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::Dashboard</name>
    <message numerus="yes">
        <source>%n windows are open beside this one, the most there can be.</source>
        <translation>
            <numerusform>%n window is open beside this one, the most there can be.</numerusform>
            <numerusform>%n windows are open beside this one, the most there can be.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::GuardCard</name>
    <message numerus="yes">
        <source>%n trip(s)</source>
        <translation>
            <numerusform>%n trip</numerusform>
            <numerusform>%n trips</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>No room for more keys %n time(s)</source>
        <translation>
            <numerusform>No room for more keys, once</numerusform>
            <numerusform>No room for more keys, %n times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n instance(s) in</source>
        <translation>
            <numerusform>%1 of %n instance in</numerusform>
            <numerusform>%1 of %n instances in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n held back: too many others were open</source>
        <translation>
            <numerusform>%n trip held back: too many others were open</numerusform>
            <numerusform>%n trips held back: too many others were open</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::GuardStack</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::InspectorPanel</name>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::LatencyHeatmap</name>
    <message numerus="yes">
        <source>%1: %n request(s)</source>
        <translation>
            <numerusform>%1: %n request</numerusform>
            <numerusform>%1: %n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::OverrideDialog</name>
    <message numerus="yes">
        <source>all %n host(s) that have it</source>
        <translation>
            <numerusform>the one host that has it</numerusform>
            <numerusform>all %n hosts that have it</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::Rollout</name>
    <message numerus="yes">
        <source>%1 · %n enforcing</source>
        <translation>
            <numerusform>%1 · %n enforcing</numerusform>
            <numerusform>%1 · %n enforcing</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::RuleDiffView</name>
    <message numerus="yes">
        <source>and %n more line(s)</source>
        <translation>
            <numerusform>and %n more line</numerusform>
            <numerusform>and %n more lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::RulesPage</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Check: %n remark(s)</source>
        <translation>
            <numerusform>Check: %n remark</numerusform>
            <numerusform>Check: %n remarks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Check: %n problem(s)</source>
        <translation>
            <numerusform>Check: %n problem</numerusform>
            <numerusform>Check: %n problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::ScalingPage</name>
    <message numerus="yes">
        <source>%n service(s) need more</source>
        <translation>
            <numerusform>%n service needs more</numerusform>
            <numerusform>%n services need more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could do with fewer</source>
        <translation>
            <numerusform>%n could do with fewer</numerusform>
            <numerusform>%n could do with fewer</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::ServicePage</name>
    <message numerus="yes">
        <source>%n instance(s)</source>
        <translation>
            <numerusform>%n instance</numerusform>
            <numerusform>%n instances</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::Suspects</name>
    <message numerus="yes">
        <source>%1, %n s before</source>
        <extracomment>%1 a change, %n seconds before the first symptom</extracomment>
        <translation>
            <numerusform>%1, %n s before</numerusform>
            <numerusform>%1, %n s before</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::TimelineBand</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::TimelinePage</name>
    <message numerus="yes">
        <source>%1 of %2 in the last %n minute(s)</source>
        <extracomment>entries of the timeline that are shown, of all that are known</extracomment>
        <translation>
            <numerusform>%1 of %2 in the last minute</numerusform>
            <numerusform>%1 of %2 in the last %n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::TimelineStrip</name>
    <message numerus="yes">
        <source>%n held, %1</source>
        <extracomment>so many guards are held by hand; the first ends in: &quot;2 held, 12 min&quot;</extracomment>
        <translation>
            <numerusform>%n held, %1</numerusform>
            <numerusform>%n held, %1</numerusform>
        </translation>
    </message>
</context>
</TS>
