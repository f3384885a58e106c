"""The officers of the demonstration: one of each duty at least, and a second pair of eyes."""

from typing import Any

from fourdoors.accounts.rules import Duty
from fourdoors.accounts.services import appoint_officer
from fourdoors.kernel.divisions import GANSU, LI_COUNTY, range_of

LONGNAN = 621200_000000
ZHOUQU = 623023_000000  # 舟曲县, whose rules of 2020 are computed
YANGUAN = 621226_101000  # 盐官镇
SHANDONG = 370000_000000

# name, full name, duty, territory or destination
TERRITORIAL = (
    ("province", "省人社厅 王处", Duty.PROVINCE, GANSU),
    ("province2", "省人社厅 李处", Duty.PROVINCE, GANSU),
    ("prefecture", "陇南市人社局 赵科", Duty.PREFECTURE, LONGNAN),
    ("county", "礼县劳务办 马主任", Duty.COUNTY, LI_COUNTY),
    ("county2", "礼县人社局 张股长", Duty.COUNTY, LI_COUNTY),
    ("zhouqu", "舟曲县劳务办 杨主任", Duty.COUNTY, ZHOUQU),
    ("zhouqu2", "舟曲县人社局 何股长", Duty.COUNTY, ZHOUQU),
    ("zhouqu3", "舟曲县财政局 韩股长", Duty.COUNTY, ZHOUQU),
    ("township", "盐官镇劳务站 刘站长", Duty.TOWNSHIP, YANGUAN),
    ("station", "青岛劳务工作站 孙站长", Duty.STATION, SHANDONG),
    ("health", "礼县卫健局 陈医生", Duty.HEALTH, LI_COUNTY),
    ("transport", "礼县交通局 周科", Duty.TRANSPORT, LI_COUNTY),
    ("police", "礼县公安局 吴警官", Duty.POLICE, LI_COUNTY),
    ("auditor", "审计厅 郑审计", Duty.AUDITOR, GANSU),
)


def appoint_officers() -> dict[str, Any]:
    """Make the officers whose place is a division; those of organisations come with their organisation."""
    return {
        name: appoint_officer(
            username=name, full_name=f"{full_name}（演示）", duty=duty, jurisdiction=range_of(code)
        )
        for name, full_name, duty, code in TERRITORIAL
    }
