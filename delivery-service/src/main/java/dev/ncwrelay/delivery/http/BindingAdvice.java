package dev.ncwrelay.delivery.http;

import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/** Binds the components of records and nothing within them, however a parameter is called. */
@ControllerAdvice
class BindingAdvice {

    @InitBinder
    void bindComponentsOnly(WebDataBinder binder) {
        binder.setDeclarativeBinding(true);
    }
}
