from clients.relations.follows import register
from projects.series.services.alarms import period_settle

register("series", period_settle)
