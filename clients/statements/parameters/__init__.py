from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import mapping, whole

register(__file__, {"statement.confirmation": mapping({"workdays": whole(1, 30)})})
