"""What the office reads when a run fails (故障说明): what is wrong, who must act, what to do; the log has the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

AGAIN = "已办事项不受影响，不会重复办理。"
LATER = "下一次定时运行自动重试，" + AGAIN
ADMIN = "请系统管理员查看本页日志（Logs）并处理；"


@dataclass(frozen=True, slots=True)
class FaultWords:
    """The name of the state in which a run ends, and what to do."""

    name: str
    advice: str


# By the name of the error's class, the most particular first; the families stand at the end of every error's line.
FAULTS: Mapping[str, FaultWords] = {
    "MailboxUnavailable": FaultWords(
        "收件邮箱暂时无法连接",
        "五分钟后自动重试，来件不会丢失；收件目录中的来件已照常办理。持续一小时以上的，请系统管理员检查网络和邮箱服务。",
    ),
    "LoginRefused": FaultWords(
        "收件邮箱拒绝登录",
        "请系统管理员核对邮箱账号和授权码。改正后自动补收；收件目录中的来件已照常办理。",
    ),
    "MailboxNotTrusted": FaultWords(
        "收件邮箱的证书未获信任",
        "请系统管理员核对邮箱服务器地址和证书设置。改正后自动补收；收件目录中的来件已照常办理。",
    ),
    "FolderRefused": FaultWords(
        "收件邮箱的文件夹无法打开", "请系统管理员核对邮箱文件夹名称。改正后自动补收；收件目录中的来件已照常办理。"
    ),
    "AssessIsRunning": FaultWords("正在审核来件", "请一分钟后再试。" + AGAIN),
    "WarehouseInUse": FaultWords("数据仓库正被占用", LATER + "持续半小时以上的，请系统管理员查看是否有程序未退出。"),
    "WarehouseLost": FaultWords("数据仓库连接中断", LATER + "持续出现的，请系统管理员检查磁盘。"),
    "LedgerUnavailable": FaultWords("报送台账暂时无法连接", LATER + "持续半小时以上的，请系统管理员检查数据库。"),
    "NotALedger": FaultWords("报送台账文件不可用", "请系统管理员核对台账设置，必要时从备份恢复。"),
    "LedgerFromElsewhen": FaultWords("报送台账与程序版本不一致", "请系统管理员完成升级后再运行。"),
    "DriverMissing": FaultWords("缺少数据库驱动程序", "请系统管理员补装后再运行。"),
    "ArchiveDamaged": FaultWords("来件存档损坏", "请系统管理员检查磁盘，并从备份恢复存档。"),
    "CalendarNotPublished": FaultWords("缺少当年放假安排", "请系统管理员补录国务院办公厅公布的放假安排。"),
    "RuleDidNotRun": FaultWords("审核规则未能执行", "相关来件尚未办理，填报单位未受影响。" + ADMIN + LATER),
    "LetterNotWritten": FaultWords("函件未能拟写", "请系统管理员核对函件模板。改正后自动补写，不会重复。"),
    "UnknownCampaign": FaultWords("没有该年度工作", "请核对运行参数中的年度工作代号后重新运行。"),
    "UnknownMilestone": FaultWords("没有该时间节点", "请核对运行参数中的时间节点代号后重新运行。"),
    "FormsToCome": FaultWords("该年度工作的报表尚未齐备", "请系统管理员补齐报表定义后再运行。"),
    "UnknownLetter": FaultWords("没有该编号的函件", "请核对运行参数中的函件编号后重新运行。"),
    "BadDefinition": FaultWords("工作设置有误", "请系统管理员改正最近修改的设置文件。"),
    "BadOverrides": FaultWords("放假安排调整表有误", "请系统管理员改正调整表。"),
    "BadPassword": FaultWords("密码设置有误", "请系统管理员核对密码文件及其权限。"),
    # families
    "TransientError": FaultWords("外部系统暂不可用", LATER + "持续半小时以上的，请系统管理员处理。"),
    "UsageError": FaultWords("参数或者数据有误", "请核对运行参数；参数无误的，请系统管理员查看日志（Logs）。" + AGAIN),
    "OperatorError": FaultWords("需要系统管理员处理", ADMIN + LATER),
    "ReporterError": FaultWords("报送材料有误", "须由填报单位更正后重新报送。"),
    "OSError": FaultWords("磁盘或者文件无法读写", "请系统管理员检查磁盘空间和文件权限。" + LATER),
    "Exception": FaultWords("程序出错", ADMIN + LATER),
}


def fault_words(error: BaseException) -> FaultWords:
    """Return what the office reads of an error."""
    known = (FAULTS.get(kind.__name__) for kind in type(error).__mro__)
    return next((words for words in known if words is not None), FAULTS["Exception"])
