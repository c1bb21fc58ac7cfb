"""Sixty clients of the demo with their contacts. Names are invented, codes pass every check and belong to nobody."""

import io
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from clients.file.models import Client, Industry, Region
from clients.file.rules.identifiers import ALPHABET
from clients.file.services import client_create, contact_create
from crm.kernel.audit.context import SYSTEM
from crm.kernel.declarations import demo
from crm.kernel.imports.services import import_finish, import_map, import_start, import_upload
from crm.kernel.text.sheets import Column, write_xlsx
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage

MOBILE = "138{:04d}{:04d}"
CONTACTS = (("钟启昂", "董事长"), ("顾明德", "财务总监"), ("沈亦舟", "资金部经理"))

# owner's login, name, type, division of GB/T 4754, county of GB/T 2260, size and grade ("" = unknown, not graded yet)
CLIENTS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("linxiaowen", "浙江钧茂精密机械有限公司", "company", "34", "330482", "medium", "A"),
    ("linxiaowen", "江苏沛澄新能源有限公司", "company", "44", "320904", "large", "AA"),
    ("linxiaowen", "盐城沛澄光伏发电有限公司", "spv", "44", "320904", "medium", "AA"),
    ("linxiaowen", "湖南湘岑新材料股份有限公司", "company", "26", "430121", "large", "A"),
    ("linxiaowen", "四川蜀垣生物制药有限公司", "company", "27", "510114", "large", "A"),
    ("linxiaowen", "重庆渝峦轨道交通设备有限公司", "company", "37", "500112", "large", "AA"),
    ("linxiaowen", "安徽皖屹智能装备有限公司", "company", "35", "340123", "medium", "A"),
    ("linxiaowen", "福建闽阔港务有限公司", "company", "55", "350102", "large", "AA"),
    ("linxiaowen", "天津津澜冷链物流有限公司", "company", "59", "120116", "medium", "B"),
    ("linxiaowen", "湖北楚衡水务集团有限公司", "company", "46", "421002", "large", "AAA"),
    ("gaoxiangyu", "陕西秦弘煤化工有限公司", "company", "25", "610802", "large", "B"),
    ("gaoxiangyu", "河南豫沃农业发展有限公司", "company", "01", "411402", "medium", "B"),
    ("gaoxiangyu", "江西赣岳有色金属有限公司", "company", "32", "360402", "large", "A"),
    ("gaoxiangyu", "河北冀坤热力有限公司", "company", "44", "130608", "medium", "A"),
    ("gaoxiangyu", "广西桂澍林业开发有限公司", "company", "02", "450103", "medium", "B"),
    ("gaoxiangyu", "山西晋崤建材有限公司", "company", "30", "140702", "medium", "B"),
    ("gaoxiangyu", "云南滇砚文旅发展有限公司", "company", "78", "530181", "medium", "A"),
    ("gaoxiangyu", "广东粤屿海上风电有限公司", "company", "44", "440304", "large", "AAA"),
    ("gaoxiangyu", "青岛胶澜海水淡化有限公司", "company", "46", "370202", "large", "AA"),
    ("gaoxiangyu", "宁波甬昶化纤有限公司", "company", "28", "330206", "large", "A"),
    ("suwanqing", "苏州吴淞生物医药产业园有限公司", "company", "70", "320508", "large", "AA"),
    ("suwanqing", "常州龙澄动力电池有限公司", "company", "38", "320402", "large", "A"),
    ("matianfang", "贵州黔砺大数据有限公司", "company", "65", "520102", "large", "AA"),
    ("matianfang", "甘肃陇曜光伏发电有限公司", "spv", "44", "620102", "medium", "A"),
    ("matianfang", "内蒙古蒙原风力发电有限公司", "spv", "44", "150102", "large", "AA"),
    ("matianfang", "宁夏宁澜葡萄酒业有限公司", "company", "15", "640104", "medium", "B"),
    ("matianfang", "新疆疆垦棉业有限公司", "company", "17", "650102", "large", "A"),
    ("matianfang", "青海昆岭盐湖化工有限公司", "company", "26", "630102", "large", "A"),
    ("matianfang", "西安长砚航空零部件有限公司", "company", "37", "610112", "medium", "AA"),
    ("matianfang", "成都锦渡轨道建设有限公司", "company", "48", "510104", "large", "AAA"),
    ("matianfang", "昆明春岚花卉冷链有限公司", "company", "59", "530102", "small", "B"),
    ("matianfang", "贵阳筑禾环保科技有限公司", "company", "77", "520102", "medium", "A"),
    ("xujianing", "吉林吉穗粮油有限公司", "company", "13", "220102", "large", "A"),
    ("xujianing", "黑龙江龙垦农机有限公司", "company", "35", "230102", "medium", "B"),
    ("xujianing", "大连港澜船舶修造有限公司", "company", "37", "210203", "large", "A"),
    ("xujianing", "沈阳辽重铸锻有限公司", "company", "33", "210102", "large", "B"),
    ("xujianing", "济南泉舟医疗器械有限公司", "company", "35", "370102", "medium", "AA"),
    ("xujianing", "烟台海砺核电装备有限公司", "company", "34", "370602", "large", "AA"),
    ("xujianing", "潍坊鸢航无人机有限公司", "company", "37", "370702", "small", "A"),
    ("xujianing", "太原汾澄煤层气有限公司", "company", "07", "140105", "large", "A"),
    ("xujianing", "洛阳伊川轴承有限公司", "company", "34", "410302", "medium", "A"),
    ("xujianing", "武汉江汉光电子有限公司", "company", "39", "420102", "large", "AA"),
    ("linxiaowen", "嘉兴平湖数控刀具有限公司", "company", "33", "330482", "", ""),
    ("linxiaowen", "无锡梁溪氢能科技有限公司", "company", "38", "320213", "medium", ""),
    ("linxiaowen", "盐城大丰海洋牧场有限公司", "company", "04", "320904", "medium", ""),
    ("gaoxiangyu", "唐山曹妃甸液化气码头有限公司", "company", "55", "130209", "large", "AA"),
    ("gaoxiangyu", "郑州中牟冷链产业园有限公司", "company", "59", "410122", "medium", ""),
    ("gaoxiangyu", "合肥滨湖半导体材料有限公司", "company", "39", "340111", "large", "A"),
    ("suwanqing", "南通如东海缆有限公司", "company", "38", "320602", "large", ""),
    ("suwanqing", "泰州医药城公共平台有限公司", "institution", "73", "321202", "medium", ""),
    ("matianfang", "拉萨圣域清洁供暖有限公司", "company", "44", "540102", "medium", "A"),
    ("matianfang", "海口琼岛会展发展有限公司", "company", "72", "460105", "medium", ""),
    ("matianfang", "三亚崖州湾种业有限公司", "company", "05", "460202", "", ""),
    ("xujianing", "呼和浩特敕勒乳业有限公司", "company", "14", "150102", "large", "AA"),
    ("xujianing", "包头北方稀土磁材有限公司", "company", "39", "150202", "large", "A"),
    ("xujianing", "鞍山千山菱镁新材有限公司", "company", "30", "210302", "medium", "B"),
    ("xujianing", "长春净月影视基地有限公司", "company", "87", "220102", "small", ""),
    ("matianfang", "兰州黄河水上公交有限公司", "company", "54", "620102", "small", "B"),
    ("linxiaowen", "上海市临港职业技术学院", "institution", "83", "310115", "medium", "AA"),
    ("gaoxiangyu", "深圳市龙岗污水处理厂", "institution", "77", "440307", "medium", "AAA"),
)

# A table from the former system: its headers, and rows of which some are wrong.
HEADERS = ("单位名称", "纳税人识别号", "行业代码", "行政区划", "法人代表", "通讯地址", "信用额度")
TABLE: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("浙江海盐澉浦风电有限公司", "44", "330482", "沈维岳", "嘉兴市海盐县澉浦镇滨海大道 66 号", "8000万"),
    ("江苏射阳港务物流有限公司", "59", "320904", "季舒然", "盐城市射阳县港城路 18 号", ""),
    ("湖南浏阳河水务有限公司", "46", "430121", "彭楚林", "长沙市浏阳市金沙中路 201 号", "1.2亿"),
    ("四川温江生物科技有限公司", "27", "510114", "罗静宜", "成都市温江区海科路 9 号", ""),
    ("安徽长丰新能源有限公司", "新能源", "340123", "", "合肥市长丰县双凤大道 3 号", ""),
    ("", "37", "500112", "冉启明", "重庆市渝北区空港大道 55 号", "5000万"),
)


def make_clients(stage: Stage) -> None:
    """All clients, 150 days ago."""
    with stage.days_ago(150):
        stage.made["clients"] = list(_make_clients(stage))


def _make_clients(stage: Stage) -> Iterator[Client]:
    industries = Industry.objects.in_bulk()
    regions = Region.objects.in_bulk()
    for number, (owner, name, kind, industry, region, size, _grade) in enumerate(CLIENTS):
        keeper = stage.people[owner]
        client = client_create(
            name=name,
            client_type=kind,
            credit_code=credit_code(number, region, public=kind == "institution"),
            industry=industries.get(industry),
            region=regions.get(region),
            size=size,
            address=f"{regions[region].name}工业大道 {number + 8} 号" if region in regions else "",
            legal_representative=CONTACTS[number % 3][0],
            # Every thirteenth was last held against the register more than a year ago.
            confirmed_on=clock.today() - timedelta(days=230 if number % 13 == 4 else number % 40),
            confirmed_source="国家企业信用信息公示系统",
            by=keeper,
        )
        for place, (person, title) in enumerate(CONTACTS[: 1 + number % 3]):
            contact_create(
                client=client,
                name=person,
                title=title,
                mobile=MOBILE.format(1000 + number, 6021 + place),
                is_primary=place == 0,
                by=keeper,
            )
        yield client


def credit_code(number: int, region: str, *, public: bool) -> str:
    """A code that passes every check and belongs to nobody: both check characters are computed (rules 10.1)."""
    body = f"DM{number:06d}"
    values = [int(character) if character.isdigit() else ord(character) - 55 for character in body]
    rest = 11 - sum(value * weight for value, weight in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    front = f"{'12' if public else '91'}{region}{body}{ {10: 'X', 11: '0'}.get(rest, str(rest)) }"
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(front))
    return front + ALPHABET[(31 - total % 31) % 31]


def make_import(stage: Stage) -> None:
    """A table of six companies: three are registered, three rows wait for their correction."""
    out, keeper = io.BytesIO(), stage.people["linxiaowen"]
    rows = [
        # In one code somebody typed the letter O for a nought.
        (name, credit_code(900 + number, region, public=False).replace("510114", "51O114"), division, region, *rest)
        for number, (name, division, region, *rest) in enumerate(TABLE)
    ]
    write_xlsx(out, [Column(header) for header in HEADERS], rows)
    with stage.days_ago(20):
        table = SimpleUploadedFile("原系统客户清单.xlsx", out.getvalue())
        run = import_upload(entity="client", file=table, by=keeper)
        run = import_map(run=run, mapping=run.mapping, expected_version=run.version, by=keeper)
        run = import_finish(run=run, by=SYSTEM)
        run = import_start(run=run, expected_version=run.version, by=keeper)
        import_finish(run=run, by=SYSTEM)


demo.register(make_clients, order=30)
demo.register(make_import, order=97)
