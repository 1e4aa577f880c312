<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AgeText</name>
    <message>
        <source>%1 s</source>
        <extracomment>an age, or a time that is left</extracomment>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 天</translation>
    </message>
</context>
<context>
    <name>AlertWords</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 等另外 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>what happened, and on which host</extracomment>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message numerus="yes">
        <source>%n instances</source>
        <translation>
            <numerusform>%n 个实例</numerusform>
        </translation>
    </message>
    <message>
        <source>err</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n 个服务</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%n service(s)</source>
        <translation>
            <numerusform>+%n 个服务</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectionText</name>
    <message>
        <source>connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>incompatible</source>
        <translation>协议不兼容</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Next attempt in %1.</source>
        <translation>%1后重试。</translation>
    </message>
    <message>
        <source>%1 Is the agent running there? `levee demo` starts one here.</source>
        <translation>%1那里的代理在运行吗？`levee demo` 可以在本机启动一个。</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 live</source>
        <translation>%1 个在线</translation>
    </message>
    <message>
        <source>%1 late</source>
        <translation>%1 个延迟</translation>
    </message>
    <message>
        <source>%1 lost</source>
        <translation>%1 个失联</translation>
    </message>
    <message numerus="yes">
        <source>%n agent(s): %1</source>
        <translation>
            <numerusform>%n 个代理：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1:%2</translation>
    </message>
    <message>
        <source>%1 of %2 late</source>
        <translation>%2 个中有 %1 个延迟</translation>
    </message>
    <message>
        <source>%1 of %2 lost</source>
        <translation>%2 个中有 %1 个失联</translation>
    </message>
    <message>
        <source>Last heard %1 ago</source>
        <translation>最后一次收到数据是 %1前</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>It is tried again every 10 s.</source>
        <translation>每 10 秒重试一次。</translation>
    </message>
    <message>
        <source>The recording holds no services.</source>
        <translation>录制文件中没有服务。</translation>
    </message>
    <message>
        <source>No traffic seen yet</source>
        <translation>还没有看到流量</translation>
    </message>
    <message>
        <source>Send requests through the agent&apos;s gateway, or spans to its OTLP port 4318.</source>
        <translation>请让请求经过代理的网关，或把 span 发送到它的 OTLP 端口 4318。</translation>
    </message>
    <message>
        <source>Connecting: nothing is known yet.</source>
        <translation>正在连接：尚无信息。</translation>
    </message>
    <message>
        <source>No agent is reached: nothing is known.</source>
        <translation>连接不到任何代理：没有信息。</translation>
    </message>
</context>
<context>
    <name>DeskText</name>
    <message>
        <source>The time is %1 min; it must be from 1 to %2.</source>
        <translation>时长为 %1 分钟；必须在 1 到 %2 之间。</translation>
    </message>
    <message>
        <source>A reason is required: why must the rule not decide?</source>
        <translation>必须填写原因：为什么不能让规则决定？</translation>
    </message>
    <message>
        <source>The factor is %1; it must be from %2 to %3.</source>
        <translation>倍数为 %1；必须在 %2 到 %3 之间。</translation>
    </message>
    <message>
        <source>The limit is %1; it must be from 1 to %2.</source>
        <translation>上限为 %1；必须在 1 到 %2 之间。</translation>
    </message>
    <message>
        <source>forced open</source>
        <translation>强制断开</translation>
    </message>
    <message>
        <source>forced closed</source>
        <translation>强制闭合</translation>
    </message>
    <message>
        <source>refusing class %1 and below</source>
        <translation>拒绝类别 %1 及更低类别</translation>
    </message>
    <message>
        <source>limit %1</source>
        <translation>上限 %1</translation>
    </message>
    <message>
        <source>limit %1 (×%2)</source>
        <translation>上限 %1(×%2)</translation>
    </message>
</context>
<context>
    <name>DiffText</name>
    <message>
        <source>gone</source>
        <extracomment>a line that is only in the rules in force, before its text</extracomment>
        <translation>删除</translation>
    </message>
    <message>
        <source>new</source>
        <extracomment>a line that is only in the edit, before its text</extracomment>
        <translation>新增</translation>
    </message>
    <message>
        <source>line %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <extracomment>both with their own plural: &quot;2 lines new&quot;, &quot;1 line gone&quot;</extracomment>
        <translation>%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) new</source>
        <translation>
            <numerusform>新增 %n 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) gone</source>
        <translation>
            <numerusform>删除 %n 行</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FactText</name>
    <message>
        <source>%1, %2 left</source>
        <translation>%1，剩余 %2</translation>
    </message>
    <message>
        <source>%1, admits %2</source>
        <translation>%1，放行 %2</translation>
    </message>
    <message>
        <source>%1, %2 of the way to trip</source>
        <translation>%1，距熔断已走 %2</translation>
    </message>
    <message>
        <source>%1 in flight of %2</source>
        <translation>在途 %1 / %2</translation>
    </message>
    <message>
        <source>Breaker</source>
        <translation>熔断器</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限额</translation>
    </message>
    <message>
        <source>Sheds</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1，%2，%3</translation>
    </message>
    <message numerus="yes">
        <source>and %n more guard(s)</source>
        <translation>
            <numerusform>另有 %n 个防护</numerusform>
        </translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>processing</source>
        <translation>处理</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Where %1 go, mean of a call</source>
        <translation>%1 花在哪里（每次调用平均）</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>p50 %1, p95 %2, p99 %3</source>
        <translation>p50 %1,p95 %2,p99 %3</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>%1, round trip %2</source>
        <translation>%1，往返 %2</translation>
    </message>
</context>
<context>
    <name>HoldText</name>
    <message>
        <source>breaker %1, %2 let through</source>
        <translation>熔断器%1，放行 %2</translation>
    </message>
    <message>
        <source>limit %1, %2 in flight</source>
        <translation>上限 %1，在途 %2</translation>
    </message>
    <message>
        <source>held already: %1, by %2 (%3): this takes its place</source>
        <translation>已被手动接管：%1，由 %2(%3)：将被替换</translation>
    </message>
    <message>
        <source>Now: %1</source>
        <translation>现在：%1</translation>
    </message>
    <message>
        <source>Why the rule must not decide, INC-42</source>
        <translation>为什么不能让规则决定，例如 INC-42</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>LatencyText</name>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>超时未响应</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>已响应</translation>
    </message>
    <message>
        <source>up to %1</source>
        <translation>不超过 %1</translation>
    </message>
    <message>
        <source>over %1</source>
        <translation>超过 %1</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <extracomment>a range of latencies</extracomment>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>%1, its calls over %2</source>
        <translation>%1，耗时超过 %2 的调用</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no rules</source>
        <translation>无规则</translation>
    </message>
    <message>
        <source>revision %1</source>
        <translation>版本 %1</translation>
    </message>
    <message>
        <source>too few to tell</source>
        <translation>样本太少，无法判断</translation>
    </message>
    <message>
        <source>clear</source>
        <translation>明显</translation>
    </message>
    <message>
        <source>may be chance</source>
        <translation>可能是偶然</translation>
    </message>
    <message>
        <source>caller</source>
        <translation>调用方</translation>
    </message>
    <message>
        <source>dependency</source>
        <translation>依赖</translation>
    </message>
    <message>
        <source>instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>status</source>
        <translation>状态码</translation>
    </message>
    <message>
        <source>class</source>
        <translation>请求类别</translation>
    </message>
    <message>
        <source>tried again</source>
        <translation>已重试</translation>
    </message>
    <message>
        <source>waited at the gateway</source>
        <translation>在网关排队</translation>
    </message>
    <message>
        <source>breaker</source>
        <translation>熔断器</translation>
    </message>
    <message>
        <source>guard held by hand</source>
        <translation>防护被手动接管</translation>
    </message>
    <message>
        <source>rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <extracomment>so many requests of so many</extracomment>
        <translation>%2 个中的 %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <comment>share</comment>
        <extracomment>a share in percent, of so many requests</extracomment>
        <translation>%2 中的 %1</translation>
    </message>
    <message>
        <source>%1 requests in the box (%2 to %3, %4), %5 else in sight.</source>
        <translation>选区内 %1 个请求（%2 至 %3，%4），视野内其余 %5 个。</translation>
    </message>
    <message>
        <source>n=%1: too few on one side to tell a difference.</source>
        <translation>n=%1：有一侧请求太少，无法判断差异。</translation>
    </message>
    <message>
        <source>How %1 of them were answered is not known.</source>
        <translation>其中 %1 的响应方式未知。</translation>
    </message>
    <message>
        <source>No difference: %1.</source>
        <translation>无差异：%1。</translation>
    </message>
</context>
<context>
    <name>LinkText</name>
    <message>
        <source>cannot reach the agent: %1</source>
        <translation>连接不到代理：%1</translation>
    </message>
    <message>
        <source>the agent does not answer in time</source>
        <translation>代理未及时应答</translation>
    </message>
    <message>
        <source>the other side is not a Levee agent, or a much older one</source>
        <translation>对方不是 Levee 代理，或版本过旧</translation>
    </message>
    <message>
        <source>the agent closed the stream</source>
        <translation>代理关闭了数据流</translation>
    </message>
    <message>
        <source>the agent refused: %1</source>
        <translation>代理拒绝了请求：%1</translation>
    </message>
    <message>
        <source>the agent %1 speaks protocol %2 to %3, this dashboard %4 to %5: update the older one</source>
        <translation>代理 %1 支持协议 %2 至 %3，本面板支持 %4 至 %5：请升级较旧的一方</translation>
    </message>
    <message>
        <source>the agent did not answer in time; what was asked may still take effect</source>
        <translation>代理未及时应答；请求仍可能生效</translation>
    </message>
    <message>
        <source>the agent cannot be reached: %1</source>
        <translation>无法连接代理：%1</translation>
    </message>
    <message>
        <source>not connected to %1: nothing was sent</source>
        <translation>未连接到 %1：没有发送任何内容</translation>
    </message>
    <message>
        <source>too many requests wait for this agent</source>
        <translation>等待此代理的请求过多</translation>
    </message>
    <message>
        <source>this agent is of a version that keeps no latencies</source>
        <translation>此代理的版本不保存延迟数据</translation>
    </message>
    <message>
        <source>this is a recorded session: it can be looked at, not changed</source>
        <translation>这是录制的会话：只能查看，不能更改</translation>
    </message>
    <message>
        <source>the recording has ended</source>
        <translation>录制已结束</translation>
    </message>
    <message>
        <source>a recorded session holds no latencies of requests</source>
        <translation>录制的会话不含请求的延迟数据</translation>
    </message>
    <message>
        <source>the recording ends in a damaged frame</source>
        <translation>录制在损坏的帧处结束</translation>
    </message>
</context>
<context>
    <name>MapQuery</name>
    <message>
        <source>&quot;%1&quot; is not expected here</source>
        <translation>此处不应出现“%1”</translation>
    </message>
    <message>
        <source>more than %1 terms</source>
        <translation>超过 %1 个条件</translation>
    </message>
    <message>
        <source>more than %1 levels</source>
        <translation>超过 %1 层</translation>
    </message>
    <message>
        <source>something is missing at the end</source>
        <translation>末尾缺少内容</translation>
    </message>
    <message>
        <source>a field, a flag or a name is expected here</source>
        <translation>此处应为字段、标志或名称</translation>
    </message>
    <message>
        <source>this parenthesis is not closed</source>
        <translation>此括号未闭合</translation>
    </message>
    <message>
        <source>%1 does not go with %2</source>
        <translation>%1 不能与 %2 搭配</translation>
    </message>
    <message>
        <source>a value for %1 is missing</source>
        <translation>缺少 %1 的值</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no value for %2: write %3</source>
        <translation>“%1”不是 %2 的值：请写 %3</translation>
    </message>
    <message>
        <source>no state is called &quot;%1&quot;: %2</source>
        <translation>没有名为“%1”的状态：%2</translation>
    </message>
    <message>
        <source>no kind is called &quot;%1&quot;: %2</source>
        <translation>没有名为“%1”的种类：%2</translation>
    </message>
    <message>
        <source>no field is called &quot;%1&quot;: %2. A name with such a sign goes in quotes.</source>
        <translation>没有名为“%1”的字段：%2。带这种符号的名称须加引号。</translation>
    </message>
    <message>
        <source>this quotation mark is not closed</source>
        <translation>此引号未闭合</translation>
    </message>
    <message>
        <source>longer than %1 characters</source>
        <translation>超过 %1 个字符</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>Chart over time</source>
        <translation>时间曲线</translation>
    </message>
    <message>
        <source>no data in this window</source>
        <translation>此时间段内没有数据</translation>
    </message>
</context>
<context>
    <name>SceneText</name>
    <message>
        <source>p99 %1</source>
        <translation>p99 %1</translation>
    </message>
    <message>
        <source>%1 shed</source>
        <translation>拒绝 %1</translation>
    </message>
    <message>
        <source>%1 errors</source>
        <translation>错误 %1</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <extracomment>a number of services and their state: &quot;2 degraded&quot;</extracomment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1, sheds %2</source>
        <translation>%1，拒绝 %2</translation>
    </message>
    <message numerus="yes">
        <source>%n edge(s)</source>
        <translation>
            <numerusform>%n 条边</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n shown</source>
        <translation>
            <numerusform>显示 %n 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n group(s)</source>
        <translation>
            <numerusform>%1 位于 %n 个分组</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not drawn</source>
        <translation>
            <numerusform>%n 个未绘制</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hidden</source>
        <translation>
            <numerusform>%n 个已隐藏</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n 个服务</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1:%2</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n hop(s) around it (+ − change, Esc leaves)</source>
        <translation>
            <numerusform>%1 及其周围 %n 跳（+ − 调整，Esc 退出）</numerusform>
        </translation>
    </message>
    <message>
        <source>only what is not well (E: everything)</source>
        <translation>仅异常项（E：全部）</translation>
    </message>
    <message>
        <source>A: show all</source>
        <translation>A：显示全部</translation>
    </message>
    <message numerus="yes">
        <source>%n edge(s) to groups not drawn</source>
        <translation>
            <numerusform>%n 条通往分组的边未绘制</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShadowText</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>would have refused about %1 requests so far</source>
        <translation>迄今约会拒绝 %1 个请求</translation>
    </message>
    <message>
        <source>would have refused nothing so far</source>
        <translation>迄今不会拒绝任何请求</translation>
    </message>
    <message>
        <source>; its breaker would not let all through now</source>
        <translation>；其熔断器此刻不会放行全部请求</translation>
    </message>
    <message numerus="yes">
        <source>%1 on %n host(s)</source>
        <translation>
            <numerusform>%1,%n 台主机</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2): %3</source>
        <extracomment>a rule in shadow, where it is, what it would have done</extracomment>
        <translation>%1（%2）：%3</translation>
    </message>
    <message>
        <source>Enforces %1: in shadow it %2.</source>
        <translation>将强制执行 %1：影子模式下它%2。</translation>
    </message>
    <message>
        <source>was seen by no guard that is heard now</source>
        <translation>没有在任何当前可达的防护上出现</translation>
    </message>
</context>
<context>
    <name>ValueWords</name>
    <message>
        <source>critical</source>
        <translation>严重</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>notice</source>
        <translation>注意</translation>
    </message>
    <message>
        <source>info</source>
        <translation>信息</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>enforcing</source>
        <translation>执行中</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>not proven</source>
        <translation>未证实</translation>
    </message>
    <message>
        <source>high</source>
        <translation>高</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>中</translation>
    </message>
    <message>
        <source>low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>shadow: changes nothing</source>
        <translation>影子模式：不改变任何东西</translation>
    </message>
    <message>
        <source>enforce</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>live</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>late</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>not heard</source>
        <translation>未收到数据</translation>
    </message>
    <message>
        <source>guards</source>
        <translation>防护</translation>
    </message>
    <message>
        <source>rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>changes</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>notes</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>levee</name>
    <message>
        <source>ok</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>degraded</source>
        <translation>变差</translation>
    </message>
    <message>
        <source>failing</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>throttled</source>
        <translation>限流</translation>
    </message>
    <message>
        <source>open</source>
        <translation>熔断</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>过时</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>闭合</translation>
    </message>
    <message>
        <source>no %1</source>
        <translation>停 %1</translation>
    </message>
    <message>
        <source>OPEN</source>
        <translation>断开</translation>
    </message>
    <message>
        <source>HALF-OPEN</source>
        <translation>半开</translation>
    </message>
    <message>
        <source>RAMP</source>
        <translation>恢复中</translation>
    </message>
    <message>
        <source>FORCED OPEN</source>
        <translation>强制断开</translation>
    </message>
    <message>
        <source>FORCED CLOSED</source>
        <translation>强制闭合</translation>
    </message>
    <message>
        <source>off</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>external</source>
        <translation>外部</translation>
    </message>
    <message>
        <source>user</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>LIMIT</source>
        <translation>限额</translation>
    </message>
    <message>
        <source>SHADOW</source>
        <translation>影子</translation>
    </message>
    <message>
        <source>OVERRIDE</source>
        <translation>覆盖</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <extracomment>what a person holds, and how long still: &quot;open, 12 min&quot;</extracomment>
        <translation>%1，%2</translation>
    </message>
</context>
<context>
    <name>levee::ActionGroup</name>
    <message>
        <source>Find the way</source>
        <translation>导航</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
</context>
<context>
    <name>levee::ActionRegistry</name>
    <message>
        <source>Topology</source>
        <translation>拓扑</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Scaling</source>
        <translation>扩缩容</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Fleet</source>
        <translation>机群</translation>
    </message>
    <message>
        <source>Go to…</source>
        <translation>转到…</translation>
    </message>
    <message>
        <source>Command…</source>
        <translation>命令…</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Next unhealthy service</source>
        <translation>下一个异常服务</translation>
    </message>
    <message>
        <source>Previous unhealthy service</source>
        <translation>上一个异常服务</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Fit the map</source>
        <translation>适应窗口</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Roll back the last rule change</source>
        <translation>回滚上一次规则变更</translation>
    </message>
    <message>
        <source>Draft a rule for the selection</source>
        <translation>为所选对象起草规则</translation>
    </message>
    <message>
        <source>Write a note</source>
        <translation>写备注</translation>
    </message>
    <message>
        <source>Export as Markdown…</source>
        <translation>导出为 Markdown…</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Switch theme</source>
        <translation>切换主题</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>重置布局</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>Copy a link to this view</source>
        <translation>复制此视图的链接</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Take command</source>
        <translation>接管指挥</translation>
    </message>
    <message>
        <source>Close the incident</source>
        <translation>关闭事件</translation>
    </message>
    <message>
        <source>Lay the map out anew</source>
        <translation>重新布局地图</translation>
    </message>
    <message>
        <source>Find on the map</source>
        <translation>在地图上查找</translation>
    </message>
    <message>
        <source>Hide on the map</source>
        <translation>在地图上隐藏</translation>
    </message>
    <message>
        <source>Show all services</source>
        <translation>显示全部服务</translation>
    </message>
    <message>
        <source>Only what is not well</source>
        <translation>仅异常项</translation>
    </message>
    <message>
        <source>Focus on the selected service</source>
        <translation>聚焦所选服务</translation>
    </message>
    <message>
        <source>Group the map another way</source>
        <translation>更换地图分组方式</translation>
    </message>
    <message>
        <source>Map as a table</source>
        <translation>以表格显示地图</translation>
    </message>
    <message>
        <source>Overview in the corner</source>
        <translation>角落概览</translation>
    </message>
    <message>
        <source>Moving requests</source>
        <translation>流动的请求</translation>
    </message>
    <message>
        <source>Save the map as a picture</source>
        <translation>将地图另存为图片</translation>
    </message>
    <message>
        <source>Hold a guard by hand…</source>
        <translation>手动接管防护…</translation>
    </message>
    <message>
        <source>What to do about the latest alert</source>
        <translation>如何处理最新告警</translation>
    </message>
    <message>
        <source>Desktop notifications</source>
        <translation>桌面通知</translation>
    </message>
    <message>
        <source>Latency heatmap of the selection</source>
        <translation>所选对象的延迟热图</translation>
    </message>
    <message>
        <source>10 s earlier</source>
        <translation>提前 10 秒</translation>
    </message>
    <message>
        <source>10 s later</source>
        <translation>推后 10 秒</translation>
    </message>
    <message>
        <source>Save this view…</source>
        <translation>保存此视图…</translation>
    </message>
    <message>
        <source>This view in a window of its own</source>
        <translation>在新窗口中打开此视图</translation>
    </message>
</context>
<context>
    <name>levee::AdviceModel</name>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>需要</translation>
    </message>
    <message>
        <source>Demand</source>
        <translation>需求</translation>
    </message>
    <message>
        <source>Capacity</source>
        <translation>容量</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>使用率</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>可信度</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>levee::AgentModel</name>
    <message>
        <source>gateway: %1</source>
        <translation>网关：%1</translation>
    </message>
    <message>
        <source>target %1: %2</source>
        <translation>目标 %1：%2</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Heard</source>
        <translation>收到于</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则版本</translation>
    </message>
    <message>
        <source>Drift</source>
        <translation>偏差</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Targets</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>Last problem</source>
        <translation>最近的问题</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <extracomment>scrape targets: so many of so many are up</extracomment>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>levee::AlertBanner</name>
    <message>
        <source>What to do</source>
        <translation>如何处理</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>忽略</translation>
    </message>
</context>
<context>
    <name>levee::CellDelegate</name>
    <message>
        <source>enough</source>
        <translation>足够</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>还需 %1</translation>
    </message>
    <message>
        <source>%1 fewer</source>
        <translation>可减 %1</translation>
    </message>
    <message numerus="yes">
        <source>behind by %n</source>
        <translation>
            <numerusform>落后 %n 版</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::Dashboard</name>
    <message>
        <source>This is a recording: it can be looked at, not changed.</source>
        <translation>这是录制文件：只能查看，不能更改。</translation>
    </message>
    <message>
        <source>Read-only: this window was opened with --read-only.</source>
        <translation>只读：此窗口以 --read-only 打开。</translation>
    </message>
    <message>
        <source>Read-only: the context %1 says so, or --read-only.</source>
        <translation>只读：由上下文 %1 或 --read-only 指定。</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>如何处理</translation>
    </message>
    <message>
        <source>This is the past: go back to live (Esc) to change anything.</source>
        <translation>这是过去的状态：返回实时（Esc）后才能更改。</translation>
    </message>
    <message>
        <source>Read-only: the token of this window may only read, the agent says.</source>
        <translation>只读：代理表示此窗口的令牌只能读取。</translation>
    </message>
    <message numerus="yes">
        <source>%n windows are open beside this one, the most there can be.</source>
        <translation>
            <numerusform>除此窗口外已打开 %n 个窗口，已达上限。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::DecisionModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生了什么</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
</context>
<context>
    <name>levee::DecisionsView</name>
    <message>
        <source>Decisions and changes</source>
        <translation>决策与变更</translation>
    </message>
    <message>
        <source>Nothing was decided yet. What guards do and why stands here.</source>
        <translation>还没有任何决策。防护做了什么、为什么做，都会显示在这里。</translation>
    </message>
</context>
<context>
    <name>levee::DifferencePanel</name>
    <message>
        <source>Let go of the box</source>
        <translation>取消选区</translation>
    </message>
    <message>
        <source>What differs in the box</source>
        <translation>选区内的差异</translation>
    </message>
    <message>
        <source>Draw a box on the heatmap (H, then Shift and the arrows): what is more frequent in it than else is told here.</source>
        <translation>在热图上框选一块（按 H，再按 Shift 加方向键）：这里会列出其中比其他部分更常见的情况。</translation>
    </message>
    <message>
        <source>No request is in the box.</source>
        <translation>选区内没有请求。</translation>
    </message>
    <message>
        <source>Nothing that is known differs.</source>
        <translation>已知信息中没有差异。</translation>
    </message>
</context>
<context>
    <name>levee::DurationPicker</name>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source> min</source>
        <extracomment>minutes, behind a number</extracomment>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>分钟数</translation>
    </message>
</context>
<context>
    <name>levee::EdgeModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Caller</source>
        <translation>调用方</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Shed</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
</context>
<context>
    <name>levee::ExtendDialog</name>
    <message>
        <source>More time</source>
        <translation>延长</translation>
    </message>
    <message>
        <source>%1 is %2. From now on for:</source>
        <translation>%1 处于%2。从现在起再保持：</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>延长</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>levee::FindBox</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>levee::FleetPage</name>
    <message>
        <source>%1 · agent %2 · %3</source>
        <translation>%1 · 代理 %2 · %3</translation>
    </message>
    <message>
        <source>gateway up: %1</source>
        <translation>网关正常：%1</translation>
    </message>
    <message>
        <source>gateway DOWN: %1</source>
        <translation>网关停止：%1</translation>
    </message>
    <message>
        <source>running for %1 · rules revision %2</source>
        <translation>已运行 %1 · 规则版本 %2</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>On the newest rules</source>
        <translation>使用最新规则</translation>
    </message>
    <message>
        <source>Fleet</source>
        <translation>机群</translation>
    </message>
    <message>
        <source>Late or lost only</source>
        <translation>仅延迟或失联</translation>
    </message>
    <message>
        <source>Filter: host, address or problem</source>
        <translation>筛选：主机、地址或问题</translation>
    </message>
    <message>
        <source>Filter of the agents</source>
        <translation>代理筛选</translation>
    </message>
    <message>
        <source>All agents</source>
        <translation>全部代理</translation>
    </message>
    <message>
        <source>Agents</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>No agent is like that. Clear the filter to see all.</source>
        <translation>没有符合条件的代理。清除筛选可查看全部。</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Choose an agent to see more of it.</source>
        <translation>选择一个代理以查看详情。</translation>
    </message>
</context>
<context>
    <name>levee::FreshnessBadge</name>
    <message>
        <source>LIVE</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>STALE</source>
        <translation>过时</translation>
    </message>
    <message>
        <source>PAUSED</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>RECONNECTING</source>
        <translation>正在重连</translation>
    </message>
    <message>
        <source>TIME TRAVEL</source>
        <translation>回看</translation>
    </message>
    <message>
        <source>READ-ONLY</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>OFFLINE</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>CONNECTING</source>
        <translation>正在连接</translation>
    </message>
</context>
<context>
    <name>levee::GuardCard</name>
    <message>
        <source>Breaker %1, retry in %2</source>
        <translation>熔断器%1，%2后重试</translation>
    </message>
    <message>
        <source>Breaker %1, %2 let through</source>
        <translation>熔断器%1，放行 %2</translation>
    </message>
    <message>
        <source>Breaker %1</source>
        <translation>熔断器%1</translation>
    </message>
    <message>
        <source>Distance to trip</source>
        <translation>距熔断</translation>
    </message>
    <message>
        <source>Failures in the window</source>
        <translation>窗口内失败</translation>
    </message>
    <message>
        <source>Slow calls in the window</source>
        <translation>窗口内慢调用</translation>
    </message>
    <message>
        <source>In flight of the limit</source>
        <translation>在途 / 限额</translation>
    </message>
    <message>
        <source>Limit %1</source>
        <translation>限额 %1</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <extracomment>which guard, on which host</extracomment>
        <translation>%1，于 %2</translation>
    </message>
    <message>
        <source>Rule %1, revision %2</source>
        <translation>规则 %1，版本 %2</translation>
    </message>
    <message>
        <source>Proof: %1</source>
        <translation>证据：%1</translation>
    </message>
    <message>
        <source>Proof: %1, %2</source>
        <translation>证据：%1，%2</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <extracomment>requests in flight of the limit</extracomment>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>baseline %1</source>
        <translation>基线 %1</translation>
    </message>
    <message>
        <source>queue up to %1</source>
        <translation>排队上限 %1</translation>
    </message>
    <message>
        <source>sheds %1</source>
        <translation>拒绝 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n trip(s)</source>
        <translation>
            <numerusform>熔断 %n 次</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 Held by hand: %2, %3 left, by %4: %5</source>
        <translation>%1 手动接管：%2，还剩 %3，由 %4：%5</translation>
    </message>
    <message>
        <source>%1 is out, back in %2: %3</source>
        <translation>%1 已移出，%2后返回：%3</translation>
    </message>
    <message>
        <source>%1 comes back, %2 of its calls</source>
        <translation>%1 正在恢复，承接其 %2 的调用</translation>
    </message>
    <message>
        <source>Rate %1 by %2 · refuses %3 · %4 of %5 keys</source>
        <translation>速率 %1，按 %2 · 拒绝 %3 · 键 %4/%5</translation>
    </message>
    <message numerus="yes">
        <source>No room for more keys %n time(s)</source>
        <translation>
            <numerusform>键的空间已满 %n 次</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %2 of %3</source>
        <extracomment>a class of requests: how much of it is let in, of so many a second</extracomment>
        <translation>%1：%3 中的 %2</translation>
    </message>
    <message>
        <source>Classes: %1</source>
        <translation>类别：%1</translation>
    </message>
    <message>
        <source>Retries %1 of the calls, %2 allowed now</source>
        <translation>重试占调用的 %1，现在允许 %2</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n instance(s) in</source>
        <translation>
            <numerusform>%n 个实例中 %1 个在用</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n held back: too many others were open</source>
        <translation>
            <numerusform>%n 次未熔断：其他已熔断过多</numerusform>
        </translation>
    </message>
    <message>
        <source>would have refused %1 so far</source>
        <translation>至今本会拒绝 %1</translation>
    </message>
    <message>
        <source>%1 · heard %2 ago</source>
        <translation>%1 · %2前收到</translation>
    </message>
    <message>
        <source>Open, it answers %1</source>
        <translation>断开时返回 %1</translation>
    </message>
    <message>
        <source>%1, or the last good answer up to %2 old</source>
        <translation>%1，或不超过 %2 的最近一次正常响应</translation>
    </message>
    <message>
        <source>Agent gone for %1: a fixed limit of %2</source>
        <translation>代理失联 %1 后：固定上限 %2</translation>
    </message>
    <message>
        <source>Agent gone for %1: lets everything through</source>
        <translation>代理失联 %1 后：全部放行</translation>
    </message>
    <message>
        <source>Agent gone for %1: stays as it was</source>
        <translation>代理失联 %1 后：保持原状</translation>
    </message>
</context>
<context>
    <name>levee::GuardModel</name>
    <message>
        <source>Guard</source>
        <translation>防护</translation>
    </message>
    <message>
        <source>Breaker</source>
        <translation>熔断器</translation>
    </message>
    <message>
        <source>To trip</source>
        <translation>距熔断</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限额</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>在途</translation>
    </message>
    <message>
        <source>Shed</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Proof</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
</context>
<context>
    <name>levee::GuardStack</name>
    <message>
        <source>No guard here: calls do not pass the gateway.</source>
        <translation>这里没有防护：调用不经过网关。</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::HeatmapView</name>
    <message>
        <source>Requests by latency</source>
        <translation>按延迟分布的请求</translation>
    </message>
    <message>
        <source>Asking the agent…</source>
        <translation>正在询问代理…</translation>
    </message>
    <message>
        <source>no answered request in this window</source>
        <translation>此时间窗内没有已响应的请求</translation>
    </message>
</context>
<context>
    <name>levee::IncidentLog</name>
    <message>
        <source>still open</source>
        <translation>仍未结束</translation>
    </message>
    <message>
        <source>Began</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>In command</source>
        <translation>指挥</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
</context>
<context>
    <name>levee::InspectorPanel</name>
    <message>
        <source>Inspector</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Shed</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>在途</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Open service page</source>
        <translation>打开服务页</translation>
    </message>
    <message>
        <source>Enter on the map, or F2</source>
        <translation>在地图上按回车，或按 F2</translation>
    </message>
    <message>
        <source>Guards</source>
        <translation>防护</translation>
    </message>
    <message>
        <source>Callers and dependencies</source>
        <translation>调用方与依赖</translation>
    </message>
    <message>
        <source>Scaling advice</source>
        <translation>扩缩容建议</translation>
    </message>
    <message>
        <source>Agents</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Nothing to show yet</source>
        <translation>还没有内容</translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n 个服务</numerusform>
        </translation>
    </message>
    <message>
        <source>Services appear with their first request.</source>
        <translation>服务在收到第一个请求后出现。</translation>
    </message>
    <message>
        <source>%1

Select a service or an edge to see it here; Tab walks through what is not well.</source>
        <translation>%1

选择一个服务或一条边，即可在此查看；按 Tab 逐个查看异常项。</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>位于 %1</translation>
    </message>
    <message>
        <source>%1 old</source>
        <translation>%1前的数据</translation>
    </message>
    <message>
        <source>traces</source>
        <translation>链路追踪</translation>
    </message>
    <message>
        <source>gateway</source>
        <translation>网关</translation>
    </message>
    <message>
        <source>sockets</source>
        <translation>套接字</translation>
    </message>
    <message>
        <source>%1 %2 · known from %3</source>
        <translation>%1 %2 · 来源：%3</translation>
    </message>
    <message>
        <source>%1
%2</source>
        <translation>%1
%2</translation>
    </message>
    <message>
        <source>connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>%1 · agent %2</source>
        <translation>%1 · 代理 %2</translation>
    </message>
    <message>
        <source>heard %1 ago · rules revision %2</source>
        <translation>%1前收到 · 规则版本 %2</translation>
    </message>
    <message>
        <source>CPU %1 · memory %2</source>
        <translation>CPU %1 · 内存 %2</translation>
    </message>
    <message>
        <source>gateway up: %1</source>
        <translation>网关正常：%1</translation>
    </message>
    <message>
        <source>gateway DOWN: %1</source>
        <translation>网关停止：%1</translation>
    </message>
    <message>
        <source>Hold…</source>
        <translation>接管…</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>如何处理</translation>
    </message>
    <message>
        <source>Draft a rule for it</source>
        <translation>为它起草规则</translation>
    </message>
    <message>
        <source>Hold its guard by hand</source>
        <translation>手动接管其防护</translation>
    </message>
    <message>
        <source>Take command of the incident</source>
        <translation>接管事件指挥</translation>
    </message>
</context>
<context>
    <name>levee::KeyHelp</name>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>arrows</source>
        <translation>方向键</translation>
    </message>
    <message>
        <source>Walk along edges; Enter opens</source>
        <translation>沿边移动；回车打开</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>以指针为中心缩放</translation>
    </message>
    <message>
        <source>On the strip: to the entry before or after</source>
        <translation>在时间条上：前一条或后一条</translation>
    </message>
    <message>
        <source>Typed after a colon</source>
        <translation>冒号后输入</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Your own keys: %1. `levee-dashboard --print-keys` writes it.</source>
        <translation>自定义按键：%1。`levee-dashboard --print-keys` 可输出现有设置。</translation>
    </message>
</context>
<context>
    <name>levee::LatencyDifferenceModel</name>
    <message>
        <source>What</source>
        <translation>维度</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>取值</translation>
    </message>
    <message>
        <source>In the box</source>
        <translation>选区内</translation>
    </message>
    <message>
        <source>Else</source>
        <translation>其余</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判断</translation>
    </message>
</context>
<context>
    <name>levee::LatencyFeed</name>
    <message>
        <source>No agent is connected that could be asked.</source>
        <translation>没有可供询问的已连接代理。</translation>
    </message>
</context>
<context>
    <name>levee::LatencyHeatmap</name>
    <message>
        <source>%1 · %2 to %3</source>
        <extracomment>a time, a range of latencies</extracomment>
        <translation>%1 · %2 至 %3</translation>
    </message>
    <message>
        <source>%1: not known</source>
        <translation>%1：未知</translation>
    </message>
    <message numerus="yes">
        <source>%1: %n request(s)</source>
        <translation>
            <numerusform>%1:%n 个请求</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::Locator</name>
    <message>
        <source>Go to, or command</source>
        <translation>转到，或命令</translation>
    </message>
    <message>
        <source>Service, host, rule, page or command</source>
        <translation>服务、主机、规则、页面或命令</translation>
    </message>
    <message>
        <source>What fits</source>
        <translation>匹配项</translation>
    </message>
    <message>
        <source>Nothing fits.</source>
        <translation>没有匹配项。</translation>
    </message>
    <message>
        <source>host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>s service · h host · r rule · p page · v view · &gt; command, each with a space · : verb</source>
        <translation>s 服务 · h 主机 · r 规则 · p 页面 · v 视图 · &gt; 命令（后接空格）· : 指令</translation>
    </message>
    <message>
        <source>saved view</source>
        <translation>已保存的视图</translation>
    </message>
</context>
<context>
    <name>levee::MainWindow</name>
    <message>
        <source>Levee</source>
        <translation>Levee</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>转到(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Rules</source>
        <translation>规则(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>Ctrl+K: go to · Tab: next unhealthy · Enter: open · Space: pause · ?: keys</source>
        <translation>Ctrl+K：转到 · Tab：下一个异常 · 回车：打开 · 空格：暂停 · ?：按键</translation>
    </message>
    <message>
        <source>%1 selected · Enter: open · Esc: back</source>
        <translation>已选 %1 · 回车：打开 · Esc：返回</translation>
    </message>
    <message>
        <source>scrape targets %1 of %2 up</source>
        <translation>抓取目标 %1 / %2 正常</translation>
    </message>
    <message>
        <source>gateway up</source>
        <translation>网关正常</translation>
    </message>
    <message>
        <source>gateway DOWN</source>
        <translation>网关停止</translation>
    </message>
    <message>
        <source>rules revision %1</source>
        <translation>规则版本 %1</translation>
    </message>
    <message>
        <source>agent %1, CPU %2, %3</source>
        <translation>代理 %1,CPU %2，%3</translation>
    </message>
    <message>
        <source>The link is on the clipboard.</source>
        <translation>链接已复制到剪贴板。</translation>
    </message>
    <message>
        <source>Edited rules</source>
        <translation>已编辑的规则</translation>
    </message>
    <message>
        <source>The rules were edited and not applied. Close anyway?</source>
        <translation>规则已编辑但尚未应用。仍要关闭吗？</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>Nothing was alerted.</source>
        <translation>没有告警。</translation>
    </message>
    <message>
        <source>Opens a saved view</source>
        <translation>打开已保存的视图</translation>
    </message>
    <message>
        <source>No view is saved yet; :save-view NAME saves this one.</source>
        <translation>尚未保存任何视图；用 :save-view 名称 保存当前视图。</translation>
    </message>
    <message>
        <source>No view is saved as &quot;%1&quot;: %2.</source>
        <translation>没有名为“%1”的视图：%2。</translation>
    </message>
    <message>
        <source>Saves what is in sight under a name</source>
        <translation>以某个名称保存当前视图</translation>
    </message>
    <message>
        <source>Saved; :view %1 or Ctrl+K opens it.</source>
        <translation>已保存；用 :view %1 或 Ctrl+K 打开。</translation>
    </message>
    <message>
        <source>Deletes a saved view</source>
        <translation>删除已保存的视图</translation>
    </message>
</context>
<context>
    <name>levee::MapTable</name>
    <message>
        <source>No service is to be shown.</source>
        <translation>没有要显示的服务。</translation>
    </message>
    <message>
        <source>Services of the map</source>
        <translation>地图中的服务</translation>
    </message>
</context>
<context>
    <name>levee::MapToolbar</name>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>namespace</source>
        <translation>命名空间</translation>
    </message>
    <message>
        <source>host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Group: %1 (%2)</source>
        <translation>分组：%1（%2）</translation>
    </message>
    <message>
        <source>Group: %1</source>
        <translation>分组：%1</translation>
    </message>
    <message>
        <source>team</source>
        <translation>团队</translation>
    </message>
</context>
<context>
    <name>levee::Meter</name>
    <message>
        <source>%1: %2</source>
        <extracomment>caption and value for a screen reader</extracomment>
        <translation>%1:%2</translation>
    </message>
</context>
<context>
    <name>levee::OverrideDesk</name>
    <message>
        <source>No guard is chosen: only calls that pass the gateway can be held.</source>
        <translation>未选择防护：只有经过网关的调用才能接管。</translation>
    </message>
    <message>
        <source>%1 on %2: %3</source>
        <translation>%1（%2）：%3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1:%2</translation>
    </message>
    <message>
        <source>not connected: nothing was sent</source>
        <translation>未连接：什么都没有发送</translation>
    </message>
    <message>
        <source>%1 is not connected: nothing was sent</source>
        <translation>%1 未连接：什么都没有发送</translation>
    </message>
    <message>
        <source>%1: %2 for another %3 min</source>
        <translation>%1：%2，再保持 %3 分钟</translation>
    </message>
    <message>
        <source>%1: no longer %2; the rule decides again</source>
        <translation>%1：不再%2；重新由规则决定</translation>
    </message>
</context>
<context>
    <name>levee::OverrideDialog</name>
    <message>
        <source>Hold a guard by hand</source>
        <translation>手动接管防护</translation>
    </message>
    <message>
        <source>Guard</source>
        <translation>防护</translation>
    </message>
    <message>
        <source>Hosts</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>On</source>
        <translation>位于</translation>
    </message>
    <message>
        <source>Even if the agent&apos;s configuration protects the service</source>
        <translation>即使代理的配置保护了该服务</translation>
    </message>
    <message>
        <source>For</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Hold to set</source>
        <translation>按住以设置</translation>
    </message>
    <message>
        <source>Ctrl+Enter, held down</source>
        <translation>按住 Ctrl+Enter</translation>
    </message>
    <message>
        <source>Force open: nothing goes through, callers get the fallback</source>
        <translation>强制断开：不放行任何请求，调用方得到替代响应</translation>
    </message>
    <message>
        <source>Force closed: everything goes through, whatever fails</source>
        <translation>强制闭合：无论失败多少都放行</translation>
    </message>
    <message>
        <source>Limit: so many requests at a time</source>
        <translation>上限：同时最多这么多请求</translation>
    </message>
    <message>
        <source>Limit: so many times what it is now</source>
        <translation>上限：现在的这么多倍</translation>
    </message>
    <message>
        <source>Hold it</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>No guard: no call passes a gateway</source>
        <translation>没有防护：没有调用经过网关</translation>
    </message>
    <message>
        <source>Choose a guard</source>
        <translation>选择防护</translation>
    </message>
    <message>
        <source>Breakers stand on calls, such as checkout → payment.</source>
        <translation>熔断器位于调用上，例如 checkout → payment。</translation>
    </message>
    <message>
        <source>Limits stand before services.</source>
        <translation>上限位于服务之前。</translation>
    </message>
    <message numerus="yes">
        <source>all %n host(s) that have it</source>
        <translation>
            <numerusform>全部 %n 台有此防护的主机</numerusform>
        </translation>
    </message>
    <message>
        <source>The agent ends it at %1 by itself, also when this window is closed; then the rule decides again.</source>
        <translation>代理会在 %1 自行结束，即使此窗口已关闭；之后重新由规则决定。</translation>
    </message>
</context>
<context>
    <name>levee::OverrideModel</name>
    <message>
        <source>Guard</source>
        <translation>防护</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>Over rule</source>
        <translation>覆盖的规则</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>谁</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <extracomment>a rule and the file that it stands in</extracomment>
        <translation>%1（位于 %2）</translation>
    </message>
    <message>
        <source>%1, over the rule %2; by %3: %4</source>
        <translation>%1，覆盖规则 %2；由 %3：%4</translation>
    </message>
</context>
<context>
    <name>levee::OverridesPanel</name>
    <message>
        <source>Held by hand</source>
        <translation>手动接管</translation>
    </message>
    <message>
        <source>Hold…</source>
        <translation>接管…</translation>
    </message>
    <message>
        <source>More time…</source>
        <translation>延长…</translation>
    </message>
    <message>
        <source>Make a rule…</source>
        <translation>写成规则…</translation>
    </message>
    <message>
        <source>Hold to end</source>
        <translation>按住以结束</translation>
    </message>
    <message>
        <source>Nothing is held: the rules decide everywhere.</source>
        <translation>没有手动接管：一切由规则决定。</translation>
    </message>
    <message>
        <source>ended from the dashboard</source>
        <translation>从控制台结束</translation>
    </message>
    <message>
        <source>Held by hand: %1</source>
        <translation>手动接管：%1</translation>
    </message>
    <message>
        <source>Choose one to give it more time, end it, or make a rule of it.</source>
        <translation>选择一项以延长、结束或写成规则。</translation>
    </message>
    <message>
        <source>over the rule %1</source>
        <translation>覆盖规则 %1</translation>
    </message>
    <message>
        <source>over the rule %1 in %2</source>
        <translation>覆盖 %2 中的规则 %1</translation>
    </message>
    <message>
        <source>%1 on %2, %3, by %4: %5
Do nothing and the agent ends it at %6: the rule decides again.</source>
        <translation>%1，位于 %2，%3，由 %4：%5
不作操作，代理会在 %6 结束：重新由规则决定。</translation>
    </message>
</context>
<context>
    <name>levee::PromoteDialog</name>
    <message>
        <source>Make a rule of it</source>
        <translation>写成规则</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1:%2</translation>
    </message>
    <message>
        <source>Fetching the rules in force…</source>
        <translation>正在获取生效的规则…</translation>
    </message>
    <message>
        <source>Difference to the rules in force</source>
        <translation>与生效规则的差异</translation>
    </message>
    <message>
        <source>Open as edit</source>
        <translation>作为编辑打开</translation>
    </message>
    <message>
        <source>Takes it into the editor, where it is checked and applied as any edit</source>
        <translation>放入编辑器，像任何编辑一样检查和应用</translation>
    </message>
    <message>
        <source>Copy the patch</source>
        <translation>复制补丁</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1 is not connected.</source>
        <translation>%1 未连接。</translation>
    </message>
    <message>
        <source>The rules in force say it already.</source>
        <translation>生效的规则已经这样规定。</translation>
    </message>
    <message>
        <source> The rule stands in %1; there `levee rules promote %2` writes it as a patch of the file.</source>
        <translation> 该规则位于 %1；在那里用 `levee rules promote %2` 可生成该文件的补丁。</translation>
    </message>
    <message>
        <source>This rule says it for good, on top of the rules in force. Nothing is changed before you apply it.</source>
        <translation>此规则在生效规则之上长期规定它。在你应用之前什么都不会改变。</translation>
    </message>
    <message>
        <source>The editor has the rules of another agent: choose %1 there first.</source>
        <translation>编辑器中是另一个代理的规则：请先在那里选择 %1。</translation>
    </message>
</context>
<context>
    <name>levee::RevisionModel</name>
    <message>
        <source>Revision</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>谁</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>%1 in force</source>
        <extracomment>a revision number that is in force now</extracomment>
        <translation>%1 生效中</translation>
    </message>
</context>
<context>
    <name>levee::RollbackQuestion</name>
    <message>
        <source>revision %1</source>
        <translation>版本 %1</translation>
    </message>
    <message>
        <source>revision %1 by %2 (%3)</source>
        <translation>%2 的版本 %1(%3)</translation>
    </message>
    <message>
        <source>Roll back the rules</source>
        <translation>回滚规则</translation>
    </message>
    <message>
        <source>Undo %1?</source>
        <translation>撤销%1？</translation>
    </message>
    <message>
        <source>The rules before it come</source>
        <translation>其之前的规则</translation>
    </message>
    <message>
        <source>The rules of %1 come</source>
        <translation>%1的规则</translation>
    </message>
    <message>
        <source>%1 back into force at once, as a new revision, for all traffic of this agent.</source>
        <translation>%1将立即作为新版本重新生效，作用于此代理的全部流量。</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>回滚</translation>
    </message>
</context>
<context>
    <name>levee::Rollout</name>
    <message>
        <source>not heard</source>
        <translation>未收到数据</translation>
    </message>
    <message>
        <source>revision %1</source>
        <translation>版本 %1</translation>
    </message>
    <message>
        <source>%1 · no guard enforces</source>
        <translation>%1 · 没有防护在执行</translation>
    </message>
    <message numerus="yes">
        <source>%1 · %n enforcing</source>
        <translation>
            <numerusform>%1 · %n 个执行中</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · %2 of %3 enforcing, %4 %5</source>
        <translation>%1 · %2 / %3 执行中，%4 %5</translation>
    </message>
    <message>
        <source>%1 · heard %2 ago</source>
        <translation>%1 · %2前收到</translation>
    </message>
</context>
<context>
    <name>levee::RuleDiffView</name>
    <message>
        <source>Difference of the texts</source>
        <translation>文本差异</translation>
    </message>
    <message numerus="yes">
        <source>and %n more line(s)</source>
        <translation>
            <numerusform>另有 %n 行</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>levee::RuleDocument</name>
    <message>
        <source>The rules in force cannot be read: %1</source>
        <translation>无法读取生效中的规则：%1</translation>
    </message>
    <message>
        <source>Revision %1 by %2 is in force now: %3</source>
        <translation>现在生效的是 %2 的版本 %1：%3</translation>
    </message>
    <message>
        <source>Not connected to the agent.</source>
        <translation>未连接到代理。</translation>
    </message>
    <message>
        <source>Applying…</source>
        <translation>正在应用…</translation>
    </message>
    <message>
        <source>Another revision came into force: keep yours or take theirs first.</source>
        <translation>另一个版本已生效：请先选择保留自己的或采用对方的。</translation>
    </message>
    <message>
        <source>Nothing is changed.</source>
        <translation>没有更改。</translation>
    </message>
    <message>
        <source>The rules have errors.</source>
        <translation>规则有错误。</translation>
    </message>
    <message>
        <source>Not checked: the agent could not be asked. Check again first.</source>
        <translation>未检查：无法询问代理。请先重新检查。</translation>
    </message>
    <message>
        <source>The agent is checking the rules.</source>
        <translation>代理正在检查规则。</translation>
    </message>
    <message>
        <source>Say why: the reason is kept with the revision.</source>
        <translation>请说明原因：原因会与版本一起保存。</translation>
    </message>
    <message>
        <source>Revision %1 is in force.</source>
        <translation>版本 %1 已生效。</translation>
    </message>
    <message>
        <source>Rolled back; revision %1 is in force.</source>
        <translation>已回滚；版本 %1 已生效。</translation>
    </message>
    <message>
        <source>Nothing was changed: revision %1 came into force meanwhile.</source>
        <translation>没有更改：期间版本 %1 已生效。</translation>
    </message>
    <message>
        <source>Nothing was changed: the rules have errors.</source>
        <translation>没有更改：规则有错误。</translation>
    </message>
</context>
<context>
    <name>levee::RuleEdit</name>
    <message>
        <source>Rules as YAML</source>
        <translation>YAML 规则</translation>
    </message>
</context>
<context>
    <name>levee::RuleTemplates</name>
    <message>
        <source>the limit that was learned is %1</source>
        <translation>学习到的限额为 %1</translation>
    </message>
    <message>
        <source>no limit was learned; %1 requests are in flight now</source>
        <translation>尚未学习到限额；当前有 %1 个在途请求</translation>
    </message>
    <message>
        <source>nothing was measured yet: a guess</source>
        <translation>尚无测量数据：此为估计值</translation>
    </message>
    <message>
        <source>; it carries about %1 requests/s</source>
        <translation>；约可承载 %1 请求/秒</translation>
    </message>
    <message>
        <source>Too many requests: let so many in at once, refuse the rest</source>
        <translation>请求过多：只同时放行一定数量，拒绝其余</translation>
    </message>
    <message>
        <source>Load comes and goes: let it find its own limit</source>
        <translation>负载起伏：让它自行找到限额</translation>
    </message>
    <message>
        <source>It fails: stop calling it sooner, probe, come back slowly</source>
        <translation>它在失败：更早停止调用，探测后缓慢恢复</translation>
    </message>
    <message>
        <source>opens at 30 % failures in place of 50 %</source>
        <translation>失败率 30 % 时断开，而不是 50 %</translation>
    </message>
    <message>
        <source>It is slow: treat slow answers like failures</source>
        <translation>它很慢：把慢响应当作失败</translation>
    </message>
    <message>
        <source>four times the usual %1 ms</source>
        <translation>平常 %1 毫秒的四倍</translation>
    </message>
    <message>
        <source>Callers need an answer: give one while the breaker is open</source>
        <translation>调用方需要响应：熔断期间给出替代响应</translation>
    </message>
    <message>
        <source>write here what the callers can live with</source>
        <translation>在此写调用方可以接受的内容</translation>
    </message>
    <message>
        <source>A retry storm: cap retries as a share of the calls</source>
        <translation>重试风暴：按调用比例限制重试</translation>
    </message>
    <message>
        <source>retries may add a tenth to the calls</source>
        <translation>重试最多增加十分之一的调用</translation>
    </message>
    <message>
        <source>One instance is bad: take it out for a while</source>
        <translation>某个实例异常：暂时摘除</translation>
    </message>
    <message>
        <source>at most a third of the instances are out at once</source>
        <translation>最多同时摘除三分之一的实例</translation>
    </message>
</context>
<context>
    <name>levee::RulesPage</name>
    <message>
        <source>%1:%2  %3</source>
        <translation>%1:%2  %3</translation>
    </message>
    <message>
        <source>Take theirs</source>
        <translation>采用对方的</translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation>保留我的</translation>
    </message>
    <message>
        <source>Gives up your edit for what is in force</source>
        <translation>放弃您的编辑，采用生效中的规则</translation>
    </message>
    <message>
        <source>Keeps your edit, from now on against what is in force</source>
        <translation>保留您的编辑，此后与生效中的规则比较</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Agent whose rules are edited</source>
        <translation>所编辑规则的代理</translation>
    </message>
    <message>
        <source>Draft…</source>
        <translation>起草…</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Difference to the rules in force</source>
        <translation>与生效规则的差异</translation>
    </message>
    <message>
        <source>On the hosts</source>
        <translation>各主机</translation>
    </message>
    <message>
        <source>No agent is connected.</source>
        <translation>没有已连接的代理。</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Open as edit</source>
        <translation>作为编辑打开</translation>
    </message>
    <message>
        <source>Roll back to it</source>
        <translation>回滚到此版本</translation>
    </message>
    <message>
        <source>Reason, kept with the revision</source>
        <translation>原因，与版本一起保存</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Hold to apply</source>
        <translation>按住以应用</translation>
    </message>
    <message>
        <source>undone from the dashboard</source>
        <translation>从仪表板撤销</translation>
    </message>
    <message>
        <source>Select a service or an edge first: a draft is about it</source>
        <translation>请先选择服务或边：草稿针对所选对象</translation>
    </message>
    <message>
        <source>No rule in the editor is named %1.</source>
        <translation>编辑器中没有名为 %1 的规则。</translation>
    </message>
    <message>
        <source>back to revision %1</source>
        <translation>回到版本 %1</translation>
    </message>
    <message>
        <source>No rules were ever applied: there is nothing to undo.</source>
        <translation>从未应用过规则：没有可撤销的内容。</translation>
    </message>
    <message>
        <source>Nothing was changed: another revision came into force meanwhile.</source>
        <translation>没有更改：期间另一个版本已生效。</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Not known while there are errors.</source>
        <translation>存在错误时无法得知。</translation>
    </message>
    <message>
        <source>Not known before the check.</source>
        <translation>检查之前无法得知。</translation>
    </message>
    <message>
        <source>No difference.</source>
        <translation>没有差异。</translation>
    </message>
    <message>
        <source>Rules of %1</source>
        <translation>%1 的规则</translation>
    </message>
    <message>
        <source> · edited</source>
        <translation> · 已编辑</translation>
    </message>
    <message>
        <source>revision %1 in force</source>
        <translation>版本 %1 生效中</translation>
    </message>
    <message>
        <source>waiting for the agent</source>
        <translation>正在等待代理</translation>
    </message>
    <message>
        <source>No rules were ever applied: the agent runs on defaults.</source>
        <translation>从未应用过规则：代理使用默认值运行。</translation>
    </message>
    <message>
        <source>Waiting for the agent.</source>
        <translation>正在等待代理。</translation>
    </message>
    <message>
        <source>Check: no problems</source>
        <translation>检查：没有问题</translation>
    </message>
    <message numerus="yes">
        <source>Check: %n remark(s)</source>
        <translation>
            <numerusform>检查：%n 条提示</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Check: %n problem(s)</source>
        <translation>
            <numerusform>检查：%n 个问题</numerusform>
        </translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Not checked: the agent cannot be asked</source>
        <translation>未检查：无法询问代理</translation>
    </message>
    <message>
        <source>Ready to apply: Ctrl+Enter.</source>
        <translation>可以应用：Ctrl+Enter。</translation>
    </message>
    <message>
        <source>In shadow</source>
        <translation>影子模式</translation>
    </message>
</context>
<context>
    <name>levee::SavedViews</name>
    <message>
        <source>A name has 1 to %1 characters: :save-view payments</source>
        <translation>名称须为 1 至 %1 个字符：:save-view payments</translation>
    </message>
    <message>
        <source>%1 views are saved, the most there can be: delete one with :delete-view</source>
        <translation>已保存 %1 个视图，已达上限：请用 :delete-view 删除一个</translation>
    </message>
    <message>
        <source>No view is saved as &quot;%1&quot;.</source>
        <translation>没有名为“%1”的视图。</translation>
    </message>
</context>
<context>
    <name>levee::ScalingPage</name>
    <message numerus="yes">
        <source>%n service(s) need more</source>
        <translation>
            <numerusform>%n 个服务需要更多实例</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could do with fewer</source>
        <translation>
            <numerusform>%n 个可以减少</numerusform>
        </translation>
    </message>
    <message>
        <source>Scaling</source>
        <translation>扩缩容</translation>
    </message>
    <message>
        <source>Instances needed: advice only, nothing is changed</source>
        <translation>所需实例数：仅为建议，不会更改任何东西</translation>
    </message>
    <message>
        <source>No advice yet: the limiter must learn a limit first, which takes about a minute of traffic through the gateway.</source>
        <translation>还没有建议：限流器须先学习限额，这需要约一分钟经过网关的流量。</translation>
    </message>
    <message>
        <source>Every service has the instances that it needs.</source>
        <translation>每个服务都有所需的实例。</translation>
    </message>
</context>
<context>
    <name>levee::ServiceDetails</name>
    <message>
        <source>Callers and dependencies</source>
        <translation>调用方与依赖</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Slow requests</source>
        <translation>慢请求</translation>
    </message>
    <message>
        <source>Callers</source>
        <translation>调用方</translation>
    </message>
    <message>
        <source>Nobody is seen calling it.</source>
        <translation>没有看到调用方。</translation>
    </message>
    <message>
        <source>Dependencies</source>
        <translation>依赖</translation>
    </message>
    <message>
        <source>It calls nobody.</source>
        <translation>它不调用任何服务。</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>差异</translation>
    </message>
</context>
<context>
    <name>levee::ServiceModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Shed</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>在途</translation>
    </message>
    <message>
        <source>Instances</source>
        <translation>实例</translation>
    </message>
</context>
<context>
    <name>levee::ServicePage</name>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>All services</source>
        <translation>全部服务</translation>
    </message>
    <message>
        <source>No services yet: they appear with their first request.</source>
        <translation>还没有服务：收到第一个请求后出现。</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Shed</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>p99 latency</source>
        <translation>p99 延迟</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>在途</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Errors and shed, share of requests</source>
        <translation>错误与拒绝，占请求比例</translation>
    </message>
    <message>
        <source>Guards</source>
        <translation>防护</translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s)</source>
        <translation>
            <numerusform>%n 个实例</numerusform>
        </translation>
    </message>
    <message>
        <source>edge</source>
        <translation>边</translation>
    </message>
    <message>
        <source>not seen any more</source>
        <translation>已看不到</translation>
    </message>
    <message>
        <source>%1 reach it</source>
        <translation>到达 %1</translation>
    </message>
    <message>
        <source>%1 fail</source>
        <translation>失败 %1</translation>
    </message>
    <message>
        <source>%1 refused by guards</source>
        <translation>被防护拒绝 %1</translation>
    </message>
    <message>
        <source>p50 %1 · p95 %2</source>
        <translation>p50 %1 · p95 %2</translation>
    </message>
    <message>
        <source>limit %1</source>
        <translation>限额 %1</translation>
    </message>
    <message>
        <source>no limit here</source>
        <translation>没有限额</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>shed</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>已响应</translation>
    </message>
    <message>
        <source>team %1</source>
        <translation>团队 %1</translation>
    </message>
</context>
<context>
    <name>levee::Suspects</name>
    <message numerus="yes">
        <source>%1, %n s before</source>
        <extracomment>%1 a change, %n seconds before the first symptom</extracomment>
        <translation>
            <numerusform>%1，此前 %n 秒</numerusform>
        </translation>
    </message>
    <message>
        <source>it depends on this, which fails %1 % of its calls while all that it depends on itself is well</source>
        <translation>它依赖此服务；此服务有 %1 % 的调用失败，而其自身的依赖都正常</translation>
    </message>
    <message>
        <source>calls it, and fails %1 % of its own calls</source>
        <translation>调用它，自身有 %1 % 的调用失败</translation>
    </message>
</context>
<context>
    <name>levee::SuspectsPanel</name>
    <message>
        <source>Possible cause</source>
        <translation>可能原因</translation>
    </message>
    <message>
        <source>Nothing changed before, and nothing below it is unwell.</source>
        <translation>此前没有变更，其下游也都正常。</translation>
    </message>
    <message>
        <source>First symptom</source>
        <translation>最初症状</translation>
    </message>
    <message>
        <source>No warning in the last 15 minutes.</source>
        <translation>最近 15 分钟没有警告。</translation>
    </message>
    <message>
        <source>Impact</source>
        <translation>影响</translation>
    </message>
    <message>
        <source>No caller is unwell.</source>
        <translation>没有异常的调用方。</translation>
    </message>
</context>
<context>
    <name>levee::TimelineBand</name>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Not well</source>
        <translation>异常</translation>
    </message>
</context>
<context>
    <name>levee::TimelineMarkdown</name>
    <message>
        <source>Time (UTC)</source>
        <translation>时间（UTC）</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生了什么</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来自</translation>
    </message>
</context>
<context>
    <name>levee::TimelineModel</name>
    <message>
        <source>revision %1: %2</source>
        <translation>版本 %1：%2</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生了什么</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来自</translation>
    </message>
</context>
<context>
    <name>levee::TimelinePage</name>
    <message>
        <source>Nothing happened in this window.</source>
        <translation>此时间段内没有事件。</translation>
    </message>
    <message>
        <source>Over time</source>
        <translation>随时间</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>显示%1</translation>
    </message>
    <message>
        <source>Selected only</source>
        <translation>仅所选</translation>
    </message>
    <message>
        <source>Only what is about the selected service or edge</source>
        <translation>仅与所选服务或边有关的内容</translation>
    </message>
    <message>
        <source>Filter: words in any column</source>
        <translation>筛选：任意列中的词</translation>
    </message>
    <message>
        <source>Filter of the timeline</source>
        <translation>时间线筛选</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生了什么</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Nothing to show. Widen the time, or clear the filter; what guards do stands here.</source>
        <translation>没有可显示的内容。请放宽时间或清除筛选；防护的动作会显示在这里。</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>What you see or did; Enter keeps it</source>
        <translation>看到的或所做的事；按回车保存</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 in the last %n minute(s)</source>
        <extracomment>entries of the timeline that are shown, of all that are known</extracomment>
        <translation>
            <numerusform>最近 %n 分钟：%2 条中的 %1 条</numerusform>
        </translation>
    </message>
    <message>
        <source>About everything. Select a service to write about it.</source>
        <translation>针对全部。选择服务后可针对该服务填写。</translation>
    </message>
    <message>
        <source>About %1.</source>
        <translation>关于 %1。</translation>
    </message>
    <message>
        <source>Choose an entry to see what it was based on.</source>
        <translation>选择一条以查看其依据。</translation>
    </message>
    <message>
        <source>no inputs recorded</source>
        <translation>没有记录依据</translation>
    </message>
    <message>
        <source>Export the timeline</source>
        <translation>导出时间线</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>Written to %1.</source>
        <translation>已写入 %1。</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>%1 is not well</source>
        <translation>%1 异常</translation>
    </message>
    <message>
        <source>took command</source>
        <translation>接管指挥</translation>
    </message>
    <message>
        <source>closed the incident</source>
        <translation>关闭了事件</translation>
    </message>
</context>
<context>
    <name>levee::TimelineScene</name>
    <message>
        <source>revision %1, %2</source>
        <translation>版本 %1，%2</translation>
    </message>
</context>
<context>
    <name>levee::TimelineStrip</name>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>Show the last %1 minutes</source>
        <translation>显示最近 %1 分钟</translation>
    </message>
    <message numerus="yes">
        <source>%n held, %1</source>
        <extracomment>so many guards are held by hand; the first ends in: &quot;2 held, 12 min&quot;</extracomment>
        <translation>
            <numerusform>接管 %n 项，%1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2, %3 left, by %4 (%5)</source>
        <translation>%1：%2，还剩 %3，由 %4(%5)</translation>
    </message>
</context>
<context>
    <name>levee::TokenKeeper</name>
    <message>
        <source>the desktop&apos;s keychain did not answer within a minute</source>
        <translation>桌面密钥环在一分钟内没有响应</translation>
    </message>
    <message>
        <source>the desktop&apos;s keychain has no token of the context %1: store it with levee-dashboard --store-token %1 &lt; FILE</source>
        <translation>桌面密钥环中没有上下文 %1 的令牌：请用 levee-dashboard --store-token %1 &lt; FILE 存入</translation>
    </message>
    <message>
        <source>the desktop&apos;s keychain was not unlocked</source>
        <translation>桌面密钥环未解锁</translation>
    </message>
    <message>
        <source>no keychain of the desktop answers (%1): put the token into a file that only you can read, and name it as token_file of the context %2</source>
        <translation>桌面上没有可用的密钥环（%1）：请把令牌放入只有您能读取的文件，并在上下文 %2 中用 token_file 指定</translation>
    </message>
</context>
<context>
    <name>levee::TopBar</name>
    <message>
        <source>PRODUCTION %1</source>
        <translation>生产环境 %1</translation>
    </message>
    <message>
        <source>Shows the agents that are late or lost</source>
        <translation>显示延迟或失联的代理</translation>
    </message>
    <message>
        <source>The incident that is open: shows its timeline</source>
        <translation>未结束的事件：显示其时间线</translation>
    </message>
    <message>
        <source>! %1 · %2</source>
        <translation>! %1 · %2</translation>
    </message>
</context>
<context>
    <name>levee::TopologyCanvas</name>
    <message>
        <source>Loading the map</source>
        <translation>正在加载地图</translation>
    </message>
    <message>
        <source>Nothing to show yet</source>
        <translation>还没有内容</translation>
    </message>
    <message>
        <source>Old data</source>
        <translation>旧数据</translation>
    </message>
    <message>
        <source>Topology</source>
        <translation>拓扑</translation>
    </message>
</context>
<context>
    <name>levee::TopologyPage</name>
    <message>
        <source>Fit</source>
        <translation>适应</translation>
    </message>
    <message>
        <source>Tidy</source>
        <translation>整理</translation>
    </message>
    <message>
        <source>Every service is well</source>
        <translation>所有服务都正常</translation>
    </message>
    <message>
        <source>Everything is hidden</source>
        <translation>全部已隐藏</translation>
    </message>
    <message>
        <source>Esc shows everything again; an empty Hide box hides nothing.</source>
        <translation>按 Esc 重新显示全部；隐藏框为空则不隐藏任何内容。</translation>
    </message>
    <message>
        <source>Open the group</source>
        <translation>展开分组</translation>
    </message>
    <message>
        <source>Open the service</source>
        <translation>打开服务</translation>
    </message>
    <message>
        <source>Focus</source>
        <translation>聚焦</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Free its place</source>
        <translation>解除固定</translation>
    </message>
    <message>
        <source>Save the map</source>
        <translation>保存地图</translation>
    </message>
    <message>
        <source>Pictures (*.png *.svg)</source>
        <translation>图片 (*.png *.svg)</translation>
    </message>
    <message>
        <source>%1 could not be written.</source>
        <translation>无法写入 %1。</translation>
    </message>
    <message>
        <source>Open the call</source>
        <translation>打开调用</translation>
    </message>
</context>
<context>
    <name>levee::TraceModel</name>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Begins at</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Spans</source>
        <translation>Span 数</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
</context>
<context>
    <name>levee::TraceWaterfall</name>
    <message>
        <source>Trace</source>
        <translation>链路</translation>
    </message>
    <message>
        <source>%1: %2, %3 of it its own, %4 after the start</source>
        <extracomment>a span: name, its whole time, its time without its children, when it began</extracomment>
        <translation>%1：%2，其中自身 %3，开始后 %4</translation>
    </message>
    <message>
        <source>, calls %1</source>
        <translation>，调用 %1</translation>
    </message>
    <message>
        <source>, FAILED</source>
        <translation>，失败</translation>
    </message>
</context>
<context>
    <name>levee::TracesPanel</name>
    <message>
        <source>Slow and failed requests</source>
        <translation>慢请求与失败请求</translation>
    </message>
    <message>
        <source>Where its time went</source>
        <translation>时间花在哪里</translation>
    </message>
    <message>
        <source>Asking for traces…</source>
        <translation>正在查询链路…</translation>
    </message>
    <message>
        <source>Choose a request to see its spans.</source>
        <translation>选择一个请求以查看其 span。</translation>
    </message>
    <message>
        <source>No agent is connected that could be asked for traces.</source>
        <translation>没有可查询链路的已连接代理。</translation>
    </message>
    <message>
        <source>No trace of it was kept yet. Send spans to the agent&apos;s OTLP port 4318; the slowest and the newest failed ones stay here.</source>
        <translation>还没有保存它的链路。请把 span 发送到代理的 OTLP 端口 4318；最慢的和最新失败的会保留在这里。</translation>
    </message>
</context>
<context>
    <name>levee::TravelBanner</name>
    <message>
        <source>Back to live (Esc)</source>
        <translation>返回实时（Esc）</translation>
    </message>
    <message>
        <source>As of %1, %2 ago. Nothing can be changed from here.</source>
        <extracomment>a time of day, and how long ago that was: &quot;As of 03:12:05, 4 min ago&quot;</extracomment>
        <translation>截至 %1，%2前。此处不能更改任何内容。</translation>
    </message>
</context>
<context>
    <name>levee::TriagePanel</name>
    <message>
        <source>Triage</source>
        <translation>分诊</translation>
    </message>
    <message>
        <source>Guards at work</source>
        <translation>正在起作用的防护</translation>
    </message>
    <message>
        <source>Services that are not well</source>
        <translation>异常的服务</translation>
    </message>
    <message>
        <source>No services yet.</source>
        <translation>还没有服务。</translation>
    </message>
    <message>
        <source>Every service is well.</source>
        <translation>所有服务都正常。</translation>
    </message>
    <message>
        <source>No guards yet.</source>
        <translation>还没有防护。</translation>
    </message>
    <message>
        <source>All closed, nothing is held back.</source>
        <translation>全部闭合，没有拦截任何请求。</translation>
    </message>
    <message>
        <source>Triage  %1</source>
        <translation>分诊  %1</translation>
    </message>
</context>
<context>
    <name>levee::Verbs</name>
    <message>
        <source>There is no command &quot;%1&quot;.</source>
        <translation>没有命令“%1”。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; may be %2.</source>
        <translation>“%1”可能是 %2。</translation>
    </message>
    <message>
        <source>There is no page &quot;%1&quot;: %2.</source>
        <translation>没有页面“%1”:%2。</translation>
    </message>
    <message>
        <source>Nothing is named &quot;%1&quot;; an edge is written a-&gt;b.</source>
        <translation>没有名为“%1”的对象；边写作 a-&gt;b。</translation>
    </message>
    <message>
        <source>There is no theme &quot;%1&quot;: dark, light, contrast, system.</source>
        <translation>没有主题“%1”:dark、light、contrast、system。</translation>
    </message>
    <message>
        <source>Write the note after the word: :note pool exhausted</source>
        <translation>请在指令后写备注：:note pool exhausted</translation>
    </message>
    <message>
        <source>Write the minutes, 1 to 1440: :last 15</source>
        <translation>请写分钟数，1 至 1440：:last 15</translation>
    </message>
    <message>
        <source>Shows a page</source>
        <translation>显示页面</translation>
    </message>
    <message>
        <source>Selects a service or an edge</source>
        <translation>选择服务或边</translation>
    </message>
    <message>
        <source>Changes the colours</source>
        <translation>更改颜色</translation>
    </message>
    <message>
        <source>Writes a note about the selection</source>
        <translation>为所选对象写备注</translation>
    </message>
    <message>
        <source>How much time the timeline shows</source>
        <translation>时间线显示的时长</translation>
    </message>
    <message>
        <source>Takes command, and names the incident</source>
        <translation>接管指挥，并为事件命名</translation>
    </message>
    <message>
        <source>Write a time of day or how long ago: :at 12:03 or :at -5m</source>
        <translation>请写时刻或多久以前：:at 12:03 或 :at -5m</translation>
    </message>
    <message>
        <source>Nothing is kept of the past yet.</source>
        <translation>尚无过去的记录。</translation>
    </message>
    <message>
        <source>Shows the fleet as it was then</source>
        <translation>显示当时的集群状态</translation>
    </message>
</context>
</TS>
