"""Watch (运行监测): every hour, whether all is well; the same use case runs beside Prefect from a timer."""

from prefect import State, flow
from prefect.states import Completed

from flows import Instant, as_of_or_now, says_what_to_do
from tasks.health import check_and_tell


@flow(
    name="watch",
    flow_run_name="运行监测",
    description="检查各项作业、邮箱、台账、磁盘和备份是否正常；有新的问题时向业务处室发一件告知函。每小时一次，随时可以手工运行。",
)
@says_what_to_do
def watch(as_of: Instant = None) -> State[None]:
    """Check the health of the installation, and tell the office when something is new, lasts or is over."""
    looked = check_and_tell(as_of=as_of_or_now(as_of))
    if looked is None:
        return Completed(name="监测正在进行", message="另一次监测尚未结束，本次不再检查。")
    if not looked.titles:
        return Completed(
            name="运行正常", message="此前的问题均已恢复，已发函告知。" if looked.is_told else "未发现问题。"
        )
    told = (
        "已发函告知。"
        if looked.is_told
        else "告知函未能发出，请查看看板。"
        if looked.could_not_tell
        else "问题没有变化的，不重复发函。"
    )
    return Completed(name=f"发现 {len(looked.titles)} 项问题", message=f"{'；'.join(looked.titles)}。{told}")
