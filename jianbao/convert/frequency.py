"""How surprising a stretch of text is as Chinese newspaper prose, counted in bits.

A small model, made of three things: the commonest characters in the order of their use, the words of
local papers, and the page itself. It tells what was printed (`。“該說的話`) from what damage made of it
(`!霸撜f的話`); it is no language model, and never decides alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache, cached_property
from itertools import pairwise

import opencc

from jianbao.pinyin import phrases

# The commonest characters of newspaper prose, commonest first; typed from our own reading.
COMMON = (
    "的一是不在了有人和国中大为上个会年以这工作发对生业要地行到时来民经全市展部进区我出用学法化分"
    "理公政务他成能家动们实高建过就方多场面力新关自领可设主后组开同定制加体将长重保机现也本员日社"
    "都干于第事说合安导当等县得及党点产记前度委管服强月企质小其着平基好从所与性情立心通水者群众种"
    "活外问位门意期信责层三两统教局报把次题科下战文之疫特入条看更农间路城示检村二监院资收推明深目"
    "省镇里向系提先各解相量她那级总代海么书名项想最任防已没什贫困如因去使无四十由起见万至传电并联"
    "术式切脱内规居每道正健康持户技做直调线只打北住车几放习完子天据取被但五百共山支果步很造给处结"
    "接议流手指表专形真西环达才数金物话落标治让帮病医护疗控助请走件办查准确响应带台认头考效便儿街"
    "知气老比求往六称召单计始常快队少职究座案律论又别回近今世且必史再精神贯彻英模优秀争创严格密守"
    "审批网络警司广美丽河江湖湾花园树绿色光照片图影笔字历原石口千八七九半足程供需此难运变节约值班"
    "夜白身边亲思怀抓讲课堂爱温暖送米油菜价消费食品药店商贸易税款元亿额投增减降低升涨速率连续累继"
    "积极努尽担勇奋斗拼搏奉献荣誉奖励彰扬善举措施细则例章令告布宣印签订谈访听反映诉答复满感受觉获"
    "赢失败胜利赛球冠军友朋南东左右角楼房屋室厅馆站桥隧码港船航飞铁轨交汽驾驶乘客票候旅游景校师孩"
    "童幼轻青男女父母夫妻孙兄弟姐妹庭邻睦团聚春夏秋冬假晨午晚晴雨雪风雷云旱涝灾害抢险救援火毒罪犯"
    "判决执纪违仲裁纠纷息稳型号钥匙档卷宗泄露隐患漏洞排除杜绝整改革试验研态势趋未王李张刘陈杨黄赵"
    "吴周徐马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余叶苏魏吕丁沈姚卢姜崔钟谭陆汪范廖"
    "贾韦付邹孟熊秦邱尹薛闫段侯龙陶黎贺顾毛郝龚邵覃武钱戴莫孔汤该却仍虽然而或若乃即尤甚越较非凡似"
    "乎像样份些股套副幅届圆拉巴尔克斯亚欧洲际币债券银贷赔偿账簿薪酬补贴津济残疾孤寡敬养充够缺欠短"
    "尺寸厘吨斤亩顷栋宽窄厚薄浓淡软硬冷热湿暗红蓝紫黑灰粉香甜苦辣酸咸鲜鱼肉蛋奶茶酒烟糖蔬稻麦棉豆"
    "薯牧渔畜禽猪牛羊鸡鸭狗兔虫鸟草苗"
)

# Words of two characters, again from our own reading of local papers.
WORD_LIST = """
    工作 单位 检查 加强 群众 服务 防控 疫情 干部 职工 社区 人民 发展 建设 城市 管理 会议 领导 记者 我们 他们 她们 一个 什么 重要 保障 常态 考核 保护 经常
    保密 上海 海口 海南 幸福 担任 承担 负担 担当 福利 福建 保险 保持 保证 保安 确保 保存 保留 保洁 环保 医保 社保 参保 低保 沿海 海外 海洋 海关 常委 常务
    常见 非常 日常 正常 通常 时常 异常 平常 常用 常规 祝福 中国 中央 中心 中共 中午 中学 中医 其中 集中 国家 全国 祖国 国际 国有 城区 城乡 城镇 创城 创建
    创新 创业 文明 文化 文件 问题 解决 解释 了解 理解 认为 认真 认识 认定 确定 确认 明确 准确 正确 学习 学校 学生 科学 大学 小学 教育 教师 老师 老人 老年
    青年 少年 今年 去年 年初 年底 年来 近年 全年 每年 每天 每日 今天 昨天 明天 昨日 今日 当天 当日 近日 日前 目前 以前 以来 以后 以上 以下 以及 以为 可以
    所以 所有 所在 场所 现场 市场 广场 立场 现在 存在 正在 在于 对于 关于 由于 等于 属于 用于 位于 处于 至于 终于 有关 有的 有序 有效 有力 有限 没有 拥有
    具有 还有 只有 享有 所长 局长 市长 县长 镇长 区长 村长 院长 科长 主任 主席 书记 主要 主动 主题 主体 主管 主持 副县 副市 市委 县委 省委 党委 区委 委员
    政府 政策 政治 行政 市政 部门 部署 部分 全部 干警 全面 全体 全省 全市 全县 全区 全力 安全 健全 完全 完成 完善 完美 任务 业务 企业 行业 产业 农业 工业
    商业 就业 事业 专业 作业 毕业 职业 从业 营业 开展 开始 开放 开发 开通 开工 召开 公开 展开 离开 推进 推动 推广 推出 推行 促进 改进 改革 改善 改造 整改
    整治 整理 整体 调整 调查 调研 调解 协调 强调 提高 提升 提供 提出 提醒 提前 提交 实施 实现 实际 实践 实行 落实 真实 切实 扎实 事实 确实 措施 设施 设备
    设立 设置 组织 组成 小组 班组 机关 机构 机制 机会 手机 司机 危机 时机 制度 制定 体制 控制 限制 编制 规定 规范 规划 规模 法规 法律 法治 法院 办法 方法
    做法 执法 依法 合法 司法 方面 方式 方便 方案 方向 地方 双方 各方 对方 地区 各地 当地 基地 土地 工地 本地 外地 场地 基层 基本 基础 基金 医院 医疗 医生
    医护 医务 医药 就医 医学 卫生 卫健 健康 患者 病人 病例 病毒 病情 疾病 治疗 治理 防治 预防 防护 防疫 消防 国防 检测 监测 监督 监管 监控 审查 审批 审核
    排查 抽查 巡查 督查 督促 督导 指导 指挥 指出 指标 引导 领域 带领 率领 宣传 宣讲 宣布 传播 传达 传统 培训 培养 培育 活动 运动 行动 流动 劳动 启动 互动
    自动 移动 变动 动员 动态 党员 人员 成员 队员 会员 员工 职责 职能 职务 职称 负责 责任 尽责 履职 考评 评选 评价 评估 测评 表示 表彰 表现 表达 代表 发表
    显示 公示 展示 指示 批示 通知 通过 通报 通告 交通 沟通 畅通 普通 公告 公布 公司 公共 公安 公正 公平 公园 办公 办理 办事 举办 承办 主办 经办 窗口 人口
    路口 门口 口罩 口号 需要 需求 要求 必要 必须 请求 追求 电话 电子 电视 供电 网络 网站 网上 网格 上网 互联 联合 联系 关系 体系 系统 统一 统计 传染 感染
    感到 感谢 感受 感动 情况 情绪 感情 热情 心情 精神 精准 精心 标准 标志 目标 指数 数据 数字 人数 多数 信息 信心 信任 诚信 相信 通信 微信 微笑 内容 内部
    国内 省内 市内 室内 结合 结果 结束 结构 团结 总结 综合 符合 适合 配合 合作 合格 资格 严格 价格 资金 资源 资料 投资 工资 物资 外资 扶贫 脱贫 贫困 攻坚
    困难 困境 帮助 帮扶 救助 援助 协助 补助 扶持 支持 支援 坚持 维持 维护 维修 爱护 护士 护理 关心 关注 关怀 爱心 用心 核心 决心 放心 安心 耐心 中小 生活
    生产 生命 生态 产生 发生 学员 发现 发布 发挥 发放 发出 发言 开会 大会 社会 协会 工会 机遇 会上 会后 参加 参与 参观 增加 更加 增长 增强 增收 成长 成立
    成功 成为 成果 成效 成绩 形成 构成 造成 达成 组建 共建 共同 共享 公益 权益 利益 效益 收益 日益 利用 作用 使用 应用 采用 费用 信用 适用 运用 适应 反应
    响应 应该 应急 应当 效应 供应 效果 效率 高效 有些 水平 水源 用水 河水 水库 水利 自来 自己 自觉 自查 自然 自主 各自 来自 亲自 各级 各项 各界 各种 各类
    各县 上级 下级 升级 年级 项目 事项 专项 选项 节目 栏目 工程 工人 工具 施工 复工 返工 加工 用工 农民 农村 农户 村民 村庄 乡村 乡镇 居民 市民 公民 国民
    为民 便民 惠民 利民 民生 民主 民警 民政 民族 家庭 大家 专家 家长 家属 回家 人家 住房 房屋 房子 居住 住户 用户 客户 贫苦 门户 入户 街道 道路 道德 知道
    报道 渠道 通道 道理 公路 铁路 路线 线上 线下 一线 热线 前线 战线 红线 时间 期间 空间 民间 中间 之间 小时 同时 及时 随时 当时 时代 时期 长期 定期 近期
    日期 学期 前期 后期 假期 春节 节日 端午 中秋 国庆 周年 元旦 清明 月底 月初 季度 年度 进度 力度 程度 态度 角度 温度 速度 高度 深度 深入 深刻 深化 投入
    收入 进入 加入 纳入 融入 引入 介绍 据悉 依据 根据 证据 凭证 证明 证书 身份 省份 部份 万元 亿元 余万 百万 千万 万人 千人 平方 方米 公里 公斤 左右 以内
    以外 之外 另外 例外 意外 国外 意见 意识 意义 注意 满意 同意 愿意 主意 创意 意思 思想 思路 思维 理想 设想 想到 感想 理念 观念 概念 纪念 信念 经济 经验
    经营 经过 已经 曾经 财经 神经 历史 历程 学历 经历 流程 过程 课程 里程 全程 日程 议程 章程 进程 远程 条件 条例 文章 案件 案例 邮件 事件 零件 软件 硬件
    保管 档案 答案 备案 预案 提案 图书 读书 证照 照片 照顾 按照 参照 护照 拍摄 摄影 影响 电影 影像 形象 现象 对象 气象 印象 抽象 天气 空气 大气 气候 风气
    风险 危险 抢险 探索 检索 线索 研究 研讨 讨论 理论 评论 舆论 结论 讨债 谈话 对话 讲话 说话 讲解 讲述 讲座 演讲 演出 演练 训练 熟练 锻炼 提炼 比赛 竞赛
    大赛 竞争 斗争 战斗 奋斗 战争 战士 战略 策略 决策 决定 决议 判决 表决 解读 阅读 朗读 重点 特点 优点 热点 焦点 难点 地点 观点 站点 试点 起点 网点 特别
    特色 特殊 独特 奇特 区别 分别 级别 个别 性别 识别 告别 优秀 优化 优惠 优势 优先 优质 优良 改良 良好 美好 友好 最好 更好 做好 办好 抓好 搞好 爱好 两个
    三个 几个 每个 整个 多个 个人 个体 人才 人士 人们 人群 人物 人生 人类 工匠 病房 新闻 新型 新年 新区 新增 更新 革新 全新 最新 重新 崭新 新冠 肺炎 口岸
    消毒 隔离 测量 体温 力量 质量 数量 大量 流量 总量 重量 能量 产量 能力 努力 动力 压力 活力 实力 权力 人力 得力 大力 著名 名单 名字 姓名 签名 报名 实名
    命名 名称 称号 号码 账号 型号 信号 记号 登记 标记 记录 笔记 记忆 日记 印记 回忆 回答 回复 回应 回报 回收 返回 复查 恢复 答复 反复 重复 修复 复习 康复
    邻里 纠纷 矛盾 化解 信访 来访 走访 采访 访问 拜访 回访 保卫 涉密 泄密 密级 定密 秘密 秘书 机密 严密 紧密 密切 密码 计算 预算 决算 核算 结算 清算 打算
    推算 电脑 设计 审计 会计 合计 预计 累计 估计 计划 策划 谋划 筹划 划分 划定 分类 分工 分析 分配 分钟 分管 分局 充分 十分 成分 身心 垃圾 清理 清洁 清除
    打扫 扫除 除了 排除 消除 解除 拆除 拆迁 搬迁 迁移 绿化 绿色 美化 净化 净土 美丽 老旧 旧城 小区 辖区 片区 园区 景区 城管 市容 环境 环卫 环节 循环 还是
    还要 但是 而且 并且 因为 因此 因素 如果 如何 如此 例如 比如 这里 那里 哪里 这样 那样 怎样 怎么 这个 那个 这些 那些 一些 一定 一直 一起 一批 一样 一次
    一般 一致 一名 一位 一条 一项 不断 不同 不足 不少 不是 不能 不仅 不要 不得 不会 不到 不过 也是 就是 都是 只是 总是 于是 要是 真正 真是 与会 与此 此次
    此外 从而 进行 进步 步伐 逐步 初步 同步 让步 下去 下午 下发 下来 上午 上门 上升 上报 上街 早上 晚上 身上 路上 以人 保健 常会 常开 罚款 罚单 罚没 处罚
    惩罚 海河 海滨 海警 海域 渤海 青海 珠海 下海 模范 模块 模拟 模式 停课 停靠 停航 停火 停开 停工 停产 停电 停车 停留 停止 不停 危害 危房 危化 危及 希望
    校园 校长 校区 校医 校友 校方 校外 校内 校车 高校 院校 党校 军校 母校 夜校 祝贺 祝愿 庆祝 遥控 郑重 郑州 玻璃 剩余 剩下 疲劳 牵头 牵挂 牵引 荆州 富裕
    宽裕 樱花 迹象 古迹 遗迹 事迹 奇迹 轨迹 靠拢 合拢 恢宏 担保 浚河 他说 她说 说完 说道 听说 来说 说明 说法 后来 回去 进去 出去 过去 上去 前去 第一
    第二 第三 二天 一天 每次 两次 三次 首次 多次 件事 事情 好事 小事 大事 图标 航班 航线 通航 返航 充电 电桩 下乡 层次 高层 楼层 花钱 价钱 存钱 春天 夏天
    秋天 冬天 贤能 教训 休息 消息 利息 值班 班长 班会 窗户 开窗 口袋 门窗 卡片 办卡 银行 存款 取款 款项 贷款 汇款 捐款 贺信 贺卡 合同 合理 合力 好人 好处
    好像 号召 和谐 和平 和睦 温和 河道 河流 河长 黄河 何时 任何 红色 红军 红旗 红点 后勤 后续 后方 今后 然后 最后 背后 候车 候选 会场 会长 化工 强化 转化
    变化 灵活 或者 获得 获奖 获评 归还 换届 更换 交换 守护 救护 回来 收回 考试 考虑 思考 可能 可靠 认可 许可 课堂 上课 科技 科室 看到 看见 看来 看望 客运
    游客 刻苦 肯定 空白 快速 加快 宽阔 扩大 扩建 天然 然而 虽然 突然 树木 种植 植树 养殖 种子 稻田 农田 粮食 收割 丰收 渔民 渔业 码头 船只 桥梁 隧道 修路
    修建 建成 建筑 建议 建立 新建 重建 住院 出院 门诊 诊所 诊断 疫苗 接种 核酸 入境 体检 药品 药店 食品 食堂 饭店 酒店 旅店 商店 商场 超市 市集 赶集 摊位
    摆摊 货物 货车 客车 汽车 火车 车站 车辆 驾驶 乘客 票价 车票 门票 景点 游玩
"""
WORDS = frozenset(WORD_LIST.split())

# Bits by Zipf's law: the commonest character is one in twenty-odd, and at the end of COMMON stand
# characters met once in some four thousand. Then come the 3755 everyday characters of GB 2312, its rare half, the rest of
# GBK, and what no paper prints (private use, box drawing, kana …). Measured on the five seeds.
FIRST_BITS = 4.5
BITS_PER_DOUBLING = 0.78
EVERYDAY_BITS, RARE_BITS, VERY_RARE_BITS, FOREIGN_BITS = 13.5, 16.0, 18.0, 20.0

MARK_BITS = dict.fromkeys("，。,", 4.5) | dict.fromkeys("、“”《》:：", 6.0)
MARK_BITS |= dict.fromkeys("（）()；;！？!?—…·‘’「」『』【】〈〉〔〕\n ", 9.0)
DIGIT_BITS, LETTER_BITS = 8.0, 13.0

# How often a mark goes on with another, estimated: every third full stop inside quotation marks is the last,
# every sixth sentence begins with a quotation. Only the order of size matters.
MARK_PAIRS = {
    "。”": 1 / 3, "！”": 1 / 2, "？”": 1 / 2, "…”": 1 / 4, "”。": 1 / 12, "”，": 1 / 12, "”“": 1 / 15, "：“": 1 / 3, "，“": 1 / 40,
    "。“": 1 / 6, "。《": 1 / 60, "。…": 1 / 300, "》《": 1 / 12, "、“": 1 / 12, "、《": 1 / 30, "。\n": 1 / 3, "”\n": 1 / 6,
}  # fmt: skip

# How often one of our words goes on once its first character stands; and one of pypinyin's, each.
WORD_SHARE, PHRASE_SHARE = 0.7, 0.01
# What a character not in our words may go on with: as much as two everyday characters.
OTHER_WORDS = 0.002
# Weights of the single character, of the words, of the page; they sum to 1.
CHARACTER_WEIGHT, WORD_WEIGHT, PAGE_WEIGHT = 0.35, 0.4, 0.25
# Pairs a page must hold before half of what it says is believed.
PAGE_DOUBT = 4

# A page is traditional when this share of its characters would change; seed 003: 15 %, the others none.
TRADITIONAL_SHARE = 0.05
OTHER_SCRIPT_BITS = (
    8.0  # a traditional character on a simplified page: one in some hundred thousand
)

NO_START = frozenset("，。、；：！？,;:!?")  # cannot follow an opening mark or a full stop
SENTENCE_ENDS = frozenset("。！？")
# Characters that want something behind them: a clause ends in one of them once where it ought to sixty times.
NO_END = frozenset("和与及或把被对从向将个这那每各第一不就也还更最很")
CLAUSE_ENDS = frozenset("，。；：！？,;:!?\n")
UNFINISHED_BITS = 6.0
PAIRED = {
    "“": "”",
    "‘": "’",
    "《": "》",
    "〈": "〉",
    "「": "」",
    "『": "』",
    "【": "】",
    "〔": "〕",
}
OPENING = {closer: opener for opener, closer in PAIRED.items()}
# A mark that cannot stand there is a thousand times rarer than one that can.
MISPLACED_BITS = 10.0


class Language:
    """What is usual in Chinese papers, and on one page."""

    def __init__(self, page: str = "") -> None:
        self.page = page
        self._known: dict[str, float] = {}

    def bits(self, before: str, char: str) -> float:
        """How surprising `char` is behind `before` (one character, or none); page counts help."""
        pair = before + char
        if pair not in self._known:
            alien = not self._is_traditional and simplified(char) != char
            bits = self._page_bits(simplified(before or "\n"), simplified(char))
            self._known[pair] = bits + (OTHER_SCRIPT_BITS if alien else 0.0)
        return self._known[pair]

    def surprise(self, before: str, text: str) -> float:
        """The bits of a whole stretch by general use, the page's own habits left aside."""
        chars = (before[-1:] or "\n") + text
        return sum(_general_bits(one, two) for one, two in pairwise(chars))

    def _page_bits(self, before: str, char: str) -> float:
        share = _general_share(before, char) + PAGE_WEIGHT * self._page_share(before, char)
        return -math.log2(share) + misplaced_bits(before, char)

    def _page_share(self, before: str, char: str) -> float:
        singles, pairs = self._counts
        return max(0.0, pairs[before + char] - 0.5) / (singles[before] + PAGE_DOUBT)

    @cached_property
    def _is_traditional(self) -> bool:
        changed = sum(simplified(char) != char for char in self.page)
        return changed > TRADITIONAL_SHARE * len(self.page)

    @cached_property
    def _counts(self) -> tuple[Counter[str], Counter[str]]:
        text = "".join(map(simplified, self.page))
        return Counter(text), Counter(map("".join, pairwise(text)))


@cache
def _general_bits(before: str, char: str) -> float:
    before, char = simplified(before), simplified(char)
    return -math.log2(_general_share(before, char)) + misplaced_bits(before, char)


def _general_share(before: str, char: str) -> float:
    return CHARACTER_WEIGHT * _use(char) + WORD_WEIGHT * _word_share(before + char)


@cache
def character_bits(char: str) -> float:
    """How surprising a character is by itself, in bits.

    >>> character_bits("的") < character_bits("密") < character_bits("獾") < character_bits("撜")
    True
    """
    if char in MARK_BITS:
        return MARK_BITS[char]
    if char.isascii():
        return DIGIT_BITS if char.isdigit() else LETTER_BITS
    rank = COMMON.find(simplified(char)) + 1
    if rank:
        return FIRST_BITS + BITS_PER_DOUBLING * math.log2(rank)
    return _rare_bits(simplified(char))


def _rare_bits(char: str) -> float:
    if not "\u4e00" <= char <= "\u9fff":
        return FOREIGN_BITS
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return VERY_RARE_BITS
    return EVERYDAY_BITS if lead < 0xD8 else RARE_BITS  # GB 2312 keeps its rare half from row D8


def is_common(char: str) -> bool:
    """Whether a character, in either script, is one that everybody reads.

    >>> [is_common(char) for char in "動动漯"]
    [True, True, False]
    """
    return simplified(char) in COMMON


def misplaced_bits(before: str, char: str) -> float:
    """The price of a mark that does not stand so: `。、` `“，` `《》`, and of a clause broken off: `和，`."""
    if char in NO_START and (before in PAIRED or before in SENTENCE_ENDS):
        return MISPLACED_BITS
    if before in PAIRED and (char in OPENING or char == "\n"):
        return MISPLACED_BITS
    return UNFINISHED_BITS if before in NO_END and char in CLAUSE_ENDS else 0.0


# Turns no sentence takes: a sentence of one character (`。贺。`), a stop behind a quoted sentence (`。”，`),
# a full stop inside a quoted term (`成为“环。”`).
ODD_TURN = 8
ODD_TURN_RE = re.compile(
    "[。！？][\u4e00-\u9fff][，。、；：]|[。！？]”[，。、；：]|[\u4e00-\u9fff]“[\u4e00-\u9fff]{1,4}。”"
)


def odd_turn_bits(text: str) -> float:
    """The price of what the last characters of a text make together.

    >>> odd_turn_bits("成为“环。”"), odd_turn_bits("他说：“好。”")
    (10.0, 0.0)
    """
    tail = text[-ODD_TURN:]
    ends = (turn.end() for turn in ODD_TURN_RE.finditer(tail))
    return MISPLACED_BITS if len(tail) in ends else 0.0


@cache
def simplified(char: str) -> str:
    """One character in simplified script; anything else as it is.

    >>> simplified("動"), simplified("动"), simplified("。")
    ('动', '动', '。')
    """
    return str(_converter().convert(char)) if char else char


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _word_share(pair: str) -> float:
    if pair in WORDS:
        return WORD_SHARE * _use(pair[1]) / (OTHER_WORDS + _uses_behind(pair[0]))
    return MARK_PAIRS.get(pair) or (PHRASE_SHARE if pair in _phrase_pairs() else 0.0)


@cache
def _uses_behind(char: str) -> float:
    return sum(_use(word[1]) for word in WORDS if word[0] == char)


def _use(char: str) -> float:
    return math.exp2(-character_bits(char))


@cache
def _phrase_pairs() -> frozenset[str]:
    return frozenset("".join(pair) for phrase in phrases() for pair in pairwise(phrase))
