"""What enterprises of an industry (行业) make and on which machines, in the words of real lists."""

from dataclasses import dataclass

_CATALOGUE = "产业结构调整指导目录（2019年本）淘汰类一"


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of equipment with its models, each with its main parameters."""

    name: str
    models: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Trade:
    """One industry's enterprises. Capacities are tenths of *capacity_unit*, from and to."""

    word: str  # the part of an enterprise's name that tells its trade
    products: tuple[str, ...]
    process: str
    capacity_unit: str
    capacity: tuple[int, int]
    catalogue_ref: str
    outdated: tuple[Machine, ...]
    sound: tuple[Machine, ...]
    outdated_capacity: tuple[int, int] | None = None  # where smallness itself is what is outdated


_TRADES = {
    "铁合金": Trade(
        word="铁合金",
        products=("硅锰合金", "高碳锰铁", "高碳铬铁"),
        process="矿热炉还原熔炼",
        capacity_unit="万吨",
        capacity=(20, 90),
        catalogue_ref=f"{_CATALOGUE}（五）钢铁",
        outdated=(
            Machine(
                "铁合金矿热电炉",
                (("HK-1800", "变压器容量1800kVA"), ("HK-3200", "变压器容量3200kVA"), ("HK-5000", "变压器容量5000kVA")),
            ),
            Machine("铁合金精炼电炉", (("HJ-1500", "变压器容量1500kVA"), ("HJ-2000", "变压器容量2000kVA"))),
        ),
        sound=(
            Machine("铁合金矿热电炉", (("HKM-25500", "变压器容量25500kVA"), ("HKM-33000", "变压器容量33000kVA"))),
            Machine("铁合金浇铸机", (("JZ-60", "浇铸能力60t/h"),)),
        ),
    ),
    "铝熔炼": Trade(
        word="铝业",
        products=("再生铝合金锭", "铝合金棒"),
        process="废铝预处理、熔炼、精炼、铸锭",
        capacity_unit="万吨",
        capacity=(15, 60),
        catalogue_ref=f"{_CATALOGUE}（六）有色金属",
        outdated=(
            Machine("再生铝反射炉", (("FS-2", "炉容量2t"), ("FS-2.5", "炉容量2.5t"), ("FS-3", "炉容量3t"))),
            Machine("再生铝合金坩埚炉", (("GR-300", "炉容量0.3t 主要原料废铝"), ("GR-500", "炉容量0.5t 主要原料废铝"))),
            Machine("无磁轭铝壳中频感应电炉", (("GW-0.5", "炉容量0.5t 无磁轭 铝壳"),)),
        ),
        sound=(
            Machine("双室熔铝炉", (("SR-35", "炉容量35t 天然气"), ("SR-50", "炉容量50t 天然气"))),
            Machine("蓄热式熔铝炉", (("XR-25", "炉容量25t 天然气"),)),
        ),
    ),
    "再生铅": Trade(
        word="再生资源",
        products=("再生铅锭", "铅合金锭"),
        process="废铅蓄电池破碎分选、熔炼、精炼",
        capacity_unit="万吨",
        capacity=(35, 120),
        catalogue_ref=f"{_CATALOGUE}（六）有色金属",
        outdated=(
            Machine("再生铅熔炼坩埚炉", (("GQ-1", "炉容量1t"), ("GQ-3", "炉容量3t"))),
            Machine("直接燃煤反射炉", (("FQ-8", "炉容量8t 直接燃煤"), ("FQ-12", "炉容量12t 直接燃煤"))),
        ),
        sound=(
            Machine("富氧侧吹熔炼炉", (("CC-12", "炉床面积12m2"), ("CC-16", "炉床面积16m2"))),
            Machine("全自动破碎分选系统", (("PF-20", "处理能力20t/h"),)),
        ),
    ),
    "制革": Trade(
        word="皮革",
        products=("牛面革", "羊皮革"),
        process="浸灰、鞣制、复鞣、涂饰",
        capacity_unit="万标张",
        capacity=(120, 400),
        catalogue_ref=f"{_CATALOGUE}（十二）轻工",
        outdated=(
            Machine("生皮加工生产线", (("SP-1", "年加工生皮{capacity}万标张"), ("SP-2", "年加工生皮{capacity}万标张"))),
            Machine("制革生产线", (("ZG-2.5", "年加工生皮{capacity}万标张"),)),
        ),
        sound=(
            Machine("不锈钢智能转鼓", (("ZN-4545", "转鼓直径4.5m 长4.5m"), ("ZN-4248", "转鼓直径4.2m 长4.8m"))),
            Machine("通过式真空干燥机", (("ZK-6", "6层"),)),
        ),
        outdated_capacity=(18, 42),
    ),
    "造纸": Trade(
        word="纸业",
        products=("瓦楞原纸", "箱板纸"),
        process="废纸制浆、抄造",
        capacity_unit="万吨",
        capacity=(25, 300),
        catalogue_ref=f"{_CATALOGUE}（十二）轻工",
        outdated=(
            Machine(
                "瓦楞纸生产线",
                (
                    ("1092型", "幅宽1092mm 车速45m/min"),
                    ("1575型", "幅宽1575mm 车速60m/min"),
                    ("1880型", "幅宽1880mm 车速65m/min"),
                ),
            ),
            Machine("箱板纸生产线", (("1880型", "幅宽1880mm 车速70m/min"),)),
        ),
        sound=(
            Machine("瓦楞纸生产线", (("4800/700", "幅宽4800mm 车速700m/min"), ("3600/450", "幅宽3600mm 车速450m/min"))),
            Machine("箱板纸生产线", (("5600/900", "幅宽5600mm 车速900m/min"),)),
        ),
    ),
    "铅蓄电池": Trade(
        word="蓄电池",
        products=("动力用铅蓄电池", "起动用铅蓄电池"),
        process="铅粉制造、铸板、涂板、化成、组装",
        capacity_unit="万千伏安时",
        capacity=(200, 1800),
        catalogue_ref=f"{_CATALOGUE}（十二）轻工",
        outdated=(
            Machine("开放式熔铅锅", (("RG-2", "熔铅量2t"), ("RG-5", "熔铅量5t"))),
            Machine("开口式铅粉机", (("QF-4", "产量4t/d"), ("QF-6", "产量6t/d"))),
        ),
        sound=(
            Machine("密闭式铅粉机", (("QFM-24", "产量24t/d"),)),
            Machine("连铸连轧板栅生产线", (("LZ-300", "带速30m/min"), ("LZ-400", "带速40m/min"))),
        ),
    ),
    "化工": Trade(
        word="化工",
        products=("醇酸树脂", "农药制剂"),
        process="间歇反应、复配、包装",
        capacity_unit="万吨",
        capacity=(5, 60),
        catalogue_ref=f"{_CATALOGUE}（四）石化化工",
        outdated=(
            Machine("直接火加热树脂反应釜", (("ZH-3", "釜容积3m3 直接火加热"), ("ZH-5", "釜容积5m3 直接火加热"))),
            Machine("农药粉剂雷蒙机", (("3R-2714", "磨辊3个"),)),
            Machine("农药手工灌装线", (("SG-1", "包装规格0.5kg"),)),
        ),
        sound=(
            Machine("导热油加热反应釜", (("DR-10", "釜容积10m3 导热油加热"), ("DR-20", "釜容积20m3 导热油加热"))),
            Machine("全自动液体灌装线", (("QG-12", "12头"),)),
        ),
    ),
    "医药": Trade(
        word="制药",
        products=("硬胶囊剂", "小容量注射剂"),
        process="配料、制剂、包装",
        capacity_unit="吨",
        capacity=(200, 3000),
        catalogue_ref=f"{_CATALOGUE}（九）医药",
        outdated=(
            Machine("塔式重蒸馏水器", (("TZ-100", "产水量100L/h"), ("TZ-200", "产水量200L/h"))),
            Machine("热风干燥箱", (("RXH-14", "无净化设施"), ("RXH-27", "无净化设施"))),
            Machine("手工胶囊填充板", (("JN-400", "400孔"),)),
        ),
        sound=(
            Machine("全自动胶囊充填机", (("NJP-1200", "1200粒/min"), ("NJP-3800", "3800粒/min"))),
            Machine("反渗透纯化水机组", (("RO-3", "产水量3t/h"),)),
        ),
    ),
    "冶金": Trade(
        word="轧材",
        products=("热轧棒材", "热轧线材"),
        process="加热、轧制、冷却、精整",
        capacity_unit="万吨",
        capacity=(60, 600),
        catalogue_ref=f"{_CATALOGUE}（五）钢铁",
        outdated=(
            Machine("横列式棒材轧机", (("Φ250×5", "轧辊直径250mm"), ("Φ300×3", "轧辊直径300mm"))),
            Machine("复二重线材轧机", (("Φ280×6", "轧辊直径280mm"),)),
        ),
        sound=(
            Machine("全连续棒材轧机", (("18机架", "轧制速度18m/s"), ("22机架", "轧制速度25m/s"))),
            Machine("高速线材轧机", (("28机架", "轧制速度90m/s"),)),
        ),
    ),
    "印染": Trade(
        word="印染",
        products=("棉印染布", "化纤染色布"),
        process="前处理、染色、印花、后整理",
        capacity_unit="万米",
        capacity=(12000, 90000),
        catalogue_ref=f"{_CATALOGUE}（十三）纺织",
        outdated=(
            Machine("74型退煮漂联合机", (("LMH003-160", "幅宽1600mm 未经改造"), ("LMH003-180", "幅宽1800mm 未经改造"))),
            Machine("74型热熔染色联合机", (("LMH424-180", "幅宽1800mm 未经改造"),)),
            Machine("敞开式蒸汽加热平洗槽", (("MH112-180", "幅宽1800mm 无密闭"),)),
        ),
        sound=(
            Machine("气流染色机", (("QL-500", "容量500kg 浴比1:4"), ("QL-1000", "容量1000kg 浴比1:4"))),
            Machine("冷轧堆前处理机", (("LZD-200", "幅宽2000mm"),)),
        ),
    ),
    "电镀": Trade(
        word="电镀",
        products=("镀锌件", "镀铬件"),
        process="前处理、电镀、钝化、烘干",
        capacity_unit="万平方米",
        capacity=(100, 900),
        catalogue_ref=f"{_CATALOGUE}（十八）其他",
        outdated=(
            Machine("氰化镀锌生产线", (("GD-1", "槽容积3m3 含氰"), ("GD-2", "槽容积5m3 含氰"))),
            Machine("含氰沉锌槽", (("CX-2", "槽容积2m3 含氰"),)),
        ),
        sound=(
            Machine("碱性无氰镀锌自动线", (("ZD-6", "槽容积6m3 无氰"), ("ZD-10", "槽容积10m3 无氰"))),
            Machine("三价铬镀铬自动线", (("SJ-8", "槽容积8m3 无氰"),)),
        ),
    ),
}


def trade_of(industry_name: str) -> Trade:
    """Return what is known of an industry; one that a unit added itself gets a plain invention."""
    known = _TRADES.get(industry_name)
    if known is not None:
        return known
    return Trade(
        word=industry_name,
        products=(f"{industry_name}产品",),
        process=f"{industry_name}常规工艺",
        capacity_unit="万吨",
        capacity=(20, 200),
        catalogue_ref=f"{_CATALOGUE}（示例行业）",
        outdated=(Machine(f"{industry_name}旧式生产线", (("JS-1", "示例参数1"), ("JS-2", "示例参数2"))),),
        sound=(Machine(f"{industry_name}自动生产线", (("ZD-1", "示例参数3"), ("ZD-2", "示例参数4"))),),
    )
